//! Files from the context, other images and other targets, each entry a layer.

use super::{Action, CopyAction, Facts, FileAction, On, Step, StepId, Steps, Tree, sources};
use crate::check::{Checked, Copy, CopyFrom};
use crate::source::Spanned;

/// One layer for each entry of `copy:`.
pub(super) fn copies(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    let copies = checked.copies.iter();
    copies
        .filter_map(|copy| layer(steps, copy, checked, facts))
        .collect()
}

fn layer(steps: &mut Steps, copy: &Copy, checked: &Checked, facts: &Facts) -> Option<StepId> {
    let from = source(steps, copy, checked, facts)?;
    let mut actions = super::parents::parents(&copy.dest.value, copy.owner, checked, facts);
    actions.extend(copy.sources.iter().map(|source| {
        FileAction::Copy(CopyAction {
            from,
            source: source.value.clone(),
            dest: copy.dest.value.clone(),
            owner: copy.owner,
            mode: copy.mode.as_ref().map(|mode| mode.value.clone()),
            exclude: copy.exclude.clone(),
        })
    }));
    let platform = match copy.from {
        CopyFrom::Context => On::Any,
        CopyFrom::Image(_) | CopyFrom::Target(_) => On::Target,
    };
    let paths: Vec<&str> = copy.sources.iter().map(|source| source.value.as_str()).collect();
    let name = format!("copy {} to {}", paths.join(" "), copy.dest.value);
    Some(steps.add(Step {
        stage: "copy",
        name,
        span: copy.span,
        platform,
        action: Action::Files(actions),
    }))
}

fn source(steps: &mut Steps, copy: &Copy, checked: &Checked, facts: &Facts) -> Option<StepId> {
    let paths: Vec<&Spanned<String>> = copy.sources.iter().collect();
    match &copy.from {
        CopyFrom::Image(reference) => Some(steps.image("copy", &reference.value, reference.span, On::Target)),
        CopyFrom::Target(name) => {
            let paths: Vec<&str> = paths.iter().map(|path| path.value.as_str()).collect();
            sources::target(steps, name, &paths, checked, facts)
        }
        CopyFrom::Context => {
            let words = "files to copy";
            Some(sources::context(steps, "copy", words, &paths, &copy.exclude))
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
