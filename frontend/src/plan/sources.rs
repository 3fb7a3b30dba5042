//! Files of elsewhere, for copies and mounts: the context, images, other targets.

use super::{Action, Facts, FileAction, Keep, On, Step, StepId, Steps, Tree, image};
use crate::check::Checked;
use crate::source::Spanned;

/// Files of the main context below `paths`, absolute in it.
pub(super) fn context(
    steps: &mut Steps,
    stage: &'static str,
    name: &str,
    paths: &[&Spanned<String>],
    exclude: &[String],
) -> StepId {
    let relative: Vec<String> = paths
        .iter()
        .map(|path| path.value.trim_start_matches('/').to_owned())
        .collect();
    let all = relative.iter().any(String::is_empty);
    let span = paths.iter().map(|path| path.span).reduce(|a, b| a.to(b));
    steps.add(Step {
        stage,
        name: name.to_owned(),
        span: span.unwrap_or_default(),
        platform: On::Any,
        action: Action::Context {
            paths: if all { Vec::new() } else { relative },
            exclude: exclude.to_vec(),
        },
    })
}

/// The image of another target, as far as it may hold `paths`: what cannot is not made for it.
pub(super) fn target(
    steps: &mut Steps,
    name: &Spanned<String>,
    paths: &[&str],
    checked: &Checked,
    facts: &Facts,
) -> Option<StepId> {
    let (checked, facts) = (checked.sources.get(&name.value)?, facts.sources.get(&name.value)?);
    let tree = image(steps, checked, facts);
    let tree = holding(steps, tree, paths);
    Some(laid(
        steps,
        format!("files of the target {}", name.value),
        name,
        tree,
    ))
}

/// A tree as something to take files of.
pub(super) fn laid(steps: &mut Steps, words: String, from: &Spanned<String>, tree: Tree) -> StepId {
    steps.add(Step {
        stage: "copy",
        name: words,
        span: from.span,
        platform: On::Target,
        action: Action::Tree(tree),
    })
}

/// The steps of a tree that may hold one of `paths`. A command of the user's may make links to anywhere, so with one of
/// them all is kept.
fn holding(steps: &Steps, tree: Tree, paths: &[&str]) -> Tree {
    let users = |id: &StepId| {
        matches!(
            &steps.0[id.0],
            Step {
                stage: "run",
                action: Action::Exec(_),
                ..
            }
        )
    };
    if tree.iter().any(users) {
        return tree;
    }
    let may_hold = |id: &StepId| paths.iter().any(|path| may_hold(&steps.0[id.0], path));
    tree.into_iter().filter(may_hold).collect()
}

fn may_hold(step: &Step, path: &str) -> bool {
    match &step.action {
        Action::Files(actions) => actions.iter().filter_map(made).any(|made| meet(made, path)),
        Action::Exec(exec) if exec.keep == Keep::Layer && step.stage == "python" => meet("/opt", path),
        _ => true,
    }
}

fn made(action: &FileAction) -> Option<&str> {
    match action {
        FileAction::Folder { path, .. } | FileAction::File { path, .. } | FileAction::Link { path, .. } => {
            Some(path)
        }
        FileAction::Copy(copy) => Some(&copy.dest),
        FileAction::Origin(_) => None,
    }
}

/// Whether one path is the other or lies in it. A pattern is as good as the folder that it is in.
pub(crate) fn meet(one: &str, other: &str) -> bool {
    let fixed = |path: &str| match path.find(['*', '?', '[']) {
        Some(at) => path[..at]
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder)
            .to_owned(),
        None => path.trim_end_matches('/').to_owned(),
    };
    let (one, other) = (format!("{}/", fixed(one)), format!("{}/", fixed(other)));
    one.starts_with(&other) || other.starts_with(&one)
}

#[cfg(test)]
mod tests {
    use super::meet;

    #[test]
    fn paths_meet_when_one_is_in_the_other() {
        assert!(meet("/opt/venv", "/opt/venv/bin/app"));
        assert!(meet("/srv/www/", "/srv"));
        assert!(meet("/srv/www", "/srv/*/index.html"));
        assert!(meet("/", "/srv"));
        assert!(!meet("/srv/www", "/srv/www2"));
        assert!(!meet("/opt", "/srv/www"));
    }
}
