//! Files from the context and from other images, each entry a layer.

use super::{Action, CopyAction, FileAction, On, Step, StepId, Steps, Tree};
use crate::check::{Checked, Copy, CopyFrom};

/// One layer for each entry of `copy:`.
pub(super) fn copies(steps: &mut Steps, checked: &Checked) -> Tree {
    checked.copies.iter().map(|copy| layer(steps, copy)).collect()
}

fn layer(steps: &mut Steps, copy: &Copy) -> StepId {
    let from = source(steps, copy);
    let mut actions = parents(&copy.dest.value);
    actions.extend(copy.sources.iter().map(|source| {
        FileAction::Copy(CopyAction {
            from,
            source: source.value.clone(),
            dest: copy.dest.value.clone(),
            owner: copy.owner,
            mode: copy.mode.as_ref().map(|mode| mode.value.clone()),
            exclude: copy.exclude.clone(),
            optional: false,
        })
    }));
    let platform = match copy.from {
        CopyFrom::Context => On::Any,
        CopyFrom::Image(_) => On::Target,
    };
    let sources: Vec<&str> = copy.sources.iter().map(|source| source.value.as_str()).collect();
    let name = format!("copy {} to {}", sources.join(" "), copy.dest.value);
    steps.add(Step {
        stage: "copy",
        name,
        span: copy.span,
        platform,
        action: Action::Files(actions),
    })
}

fn source(steps: &mut Steps, copy: &Copy) -> StepId {
    match &copy.from {
        CopyFrom::Image(reference) => steps.image("copy", &reference.value, reference.span, On::Target),
        CopyFrom::Context => {
            let paths: Vec<String> = copy
                .sources
                .iter()
                .map(|source| source.value.trim_start_matches('/').to_owned())
                .collect();
            let paths = if paths.iter().any(String::is_empty) {
                Vec::new()
            } else {
                paths
            };
            let action = Action::Context {
                paths,
                exclude: copy.exclude.clone(),
            };
            let name = "files to copy".into();
            steps.add(Step {
                stage: "copy",
                name,
                span: copy.span,
                platform: On::Any,
                action,
            })
        }
    }
}

/// Folders that a base has with a mode of their own. A layer that stands alone brings its parent folders along and
/// would otherwise give them 0755: a container with a `/tmp` that nobody can write to.
pub(super) fn parents(dest: &str) -> Vec<FileAction> {
    [("/tmp", 0o1777), ("/var/tmp", 0o1777), ("/root", 0o700)]
        .iter()
        .filter(|(folder, _)| {
            dest.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        })
        .map(|(folder, mode)| FileAction::Folder {
            path: (*folder).into(),
            mode: *mode,
            owner: None,
        })
        .collect()
}
