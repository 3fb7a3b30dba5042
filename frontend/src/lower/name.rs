//! What the progress display says of a step: `[python 2/5] install torch 2.9.0`, as the Dockerfile frontend numbers
//! its stages (buildkit `frontend/dockerfile/dockerfile2llb/convert.go`).

use crate::plan::{Action, FileAction, MountKind, Step};

/// The title of the step at `index`.
pub(super) fn title(steps: &[Step], index: usize, platform: Option<&str>) -> String {
    let step = &steps[index];
    let stage = if shown(step) {
        let of_stage = |other: &&Step| shown(other) && other.stage == step.stage;
        let total = steps.iter().filter(of_stage).count();
        let number = steps[..=index].iter().filter(of_stage).count();
        format!("{} {number}/{total}", step.stage)
    } else {
        "internal".to_owned()
    };
    let needs = needs(step);
    match platform {
        Some(platform) => format!("[{platform} {stage}] {}{needs}", step.name),
        None => format!("[{stage}] {}{needs}", step.name),
    }
}

/// What the client must give it. Without an agent the engine says no more than `unset ssh forward key`, beside this name.
fn needs(step: &Step) -> String {
    let Action::Exec(exec) = &step.action else {
        return String::new();
    };
    let agents = exec.mounts.iter().filter_map(|mount| match &mount.kind {
        MountKind::Ssh { id, optional: false } => Some(format!(" --ssh {id}")),
        _ => None,
    });
    match agents.collect::<String>() {
        none if none.is_empty() => none,
        flags => format!(" (needs{flags})"),
    }
}

/// Plumbing has no number: what is only there to be mounted or copied.
fn shown(step: &Step) -> bool {
    match &step.action {
        Action::Context { .. } | Action::FrontendImage | Action::Tree(_) => false,
        Action::Files(actions) => !matches!(actions.as_slice(), [FileAction::File { .. }, ..]),
        Action::Image(_) | Action::Git(_) | Action::Download(_) | Action::Exec(_) => true,
    }
}
