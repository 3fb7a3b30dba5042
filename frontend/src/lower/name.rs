//! What the progress display says of a step: `[python 2/5] install torch 2.9.0`, as the Dockerfile frontend numbers
//! its stages (buildkit `frontend/dockerfile/dockerfile2llb/convert.go`).

use crate::plan::{Action, FileAction, Step};

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
    match platform {
        Some(platform) => format!("[{platform} {stage}] {}", step.name),
        None => format!("[{stage}] {}", step.name),
    }
}

/// Plumbing has no number: what is only there to be mounted or copied.
fn shown(step: &Step) -> bool {
    match &step.action {
        Action::Context { .. } | Action::FrontendImage => false,
        Action::Files(actions) => !matches!(actions.as_slice(), [FileAction::File { .. }]),
        Action::Image(_) | Action::Git { .. } | Action::Download { .. } | Action::Exec(_) => true,
    }
}
