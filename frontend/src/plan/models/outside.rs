//! Models that are not in the image: folders for them, and the program that fetches them.

use modelcrate_fetcher::manifest::PROGRAM;

use crate::check::{Checked, Deliver, Model, User};
use crate::plan::{Action, Facts, FileAction, On, Step, StepId, Steps, Tree, parents, system};
use crate::source::Span;

/// An empty folder of each model, of the user's own: an engine gives the owner of the folder to a new volume that is mounted
/// there, and the program can fill it.
pub(super) fn folders(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    let outside: Vec<&Model> = checked
        .models
        .iter()
        .filter(|model| model.deliver != Deliver::Bake)
        .collect();
    let Some(first) = outside.first() else {
        return Tree::new();
    };
    let owner = match system::user(checked, facts) {
        User::Named { uid, gid, .. } | User::Ids { uid, gid, .. } => Some((uid, gid)),
        User::Inherit | User::Root(_) => None,
    };
    let folders = outside.iter().flat_map(|model| {
        let folder = format!("{}/", model.folder);
        parents::parents(&folder, owner, checked, facts)
    });
    let mut actions: Vec<FileAction> = Vec::new();
    for folder in folders {
        if !actions.contains(&folder) {
            actions.push(folder);
        }
    }
    vec![steps.add(Step {
        stage: "models",
        name: "make folders for models".into(),
        span: first.span,
        platform: On::Any,
        action: Action::Files(actions),
    })]
}

/// The program, which is the same layer in every image that has it.
pub(in crate::plan) fn fetcher(steps: &mut Steps, span: Span, facts: &Facts) -> StepId {
    let source = format!("/fetcher/{}", facts.target.1);
    steps.program("models", "add the fetcher".into(), span, source, PROGRAM)
}
