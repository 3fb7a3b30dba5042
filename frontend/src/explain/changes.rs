//! What runs again when a file of the context changes.
//!
//! The engine runs a step again when what it stands on was made anew, or when the bytes of what it sees are others. Whether a
//! step that ran again made other bytes is known only then, so there are two answers: it runs, and it may run.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Numbers;
use super::path::{ANY, holds, lies_in};
use crate::plan::{Action, CopyAction, Exec, Facts, FileAction, Key, MountKind, Plan, Step, StepId};
use crate::python::joined;

/// What a change of one file does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The file or folder, as a step names it; `.` is any file that is not named.
    pub path: String,
    /// Steps that run again.
    pub runs: Vec<usize>,
    /// Steps that run again only where what is made of the file is different: of a lock, their own part.
    pub may_run: Vec<usize>,
}

/// What a change does to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    Nothing,
    MayRun,
    /// It runs again, and may give the same bytes.
    Runs,
    /// Its bytes are others.
    Differs,
}

/// A line for each file or folder that a step names.
pub(super) fn changes(plan: &Plan, facts: &Facts, numbers: &Numbers) -> Vec<Change> {
    let manifests = manifests(facts);
    let mut paths: BTreeSet<&str> = manifests.iter().map(String::as_str).collect();
    for step in &plan.steps {
        if let Action::Context { paths: named, .. } = &step.action {
            paths.extend(named.iter().map(String::as_str));
        }
    }
    let paths = paths.into_iter().filter(|path| *path != ANY);
    paths
        .chain([ANY])
        .map(|path| change(plan, &manifests, numbers, path))
        .filter(|change| !change.runs.is_empty() || !change.may_run.is_empty())
        .collect()
}

/// Files of cargo's workspaces: the frontend reads them itself, and writes skeletons of what it read.
fn manifests(facts: &Facts) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for workspace in &facts.workspaces {
        files.extend(
            workspace
                .manifests
                .keys()
                .map(|folder| joined(folder, "Cargo.toml")),
        );
        files.insert(joined(&workspace.root, "Cargo.lock"));
        files.extend(workspace.settings.keys().cloned());
    }
    files.extend(facts.sources.values().flat_map(manifests));
    files
}

fn change(plan: &Plan, manifests: &BTreeSet<String>, numbers: &Numbers, path: &str) -> Change {
    let mut look = Look {
        plan,
        path,
        is_manifest: manifests.contains(path),
        effects: Vec::with_capacity(plan.steps.len()),
    };
    for step in &plan.steps {
        let effect = look.step(step);
        look.effects.push(effect);
    }
    let of = |wanted: fn(Effect) -> bool| {
        let steps = numbers.shown(plan).filter(|(_, step)| is_told(plan, step));
        let steps = steps.filter(|(index, _)| wanted(look.effects[*index]));
        steps.filter_map(|(index, _)| numbers.0[index]).collect()
    };
    Change {
        path: path.to_owned(),
        runs: of(|effect| effect >= Effect::Runs),
        may_run: of(|effect| effect == Effect::MayRun),
    }
}

/// Commands, and layers of the image; what is only copied for a command is not worth a word.
fn is_told(plan: &Plan, step: &Step) -> bool {
    let is_layer = || plan.image.iter().any(|id| plan.step(*id) == step);
    matches!(step.action, Action::Exec(_)) || is_layer()
}

/// The effects of one change, step by step.
struct Look<'a> {
    plan: &'a Plan,
    path: &'a str,
    is_manifest: bool,
    effects: Vec<Effect>,
}

impl Look<'_> {
    fn of(&self, id: StepId) -> Effect {
        self.effects.get(id.index()).copied().unwrap_or(Effect::Nothing)
    }

    fn step(&self, step: &Step) -> Effect {
        match &step.action {
            Action::Image(_) | Action::FrontendImage | Action::Git(_) | Action::Download(_) => {
                Effect::Nothing
            }
            Action::Context { paths, exclude } if holds(paths, exclude, self.path) => Effect::Differs,
            Action::Context { .. } => Effect::Nothing,
            Action::Tree(tree) => most(tree.iter().map(|id| self.of(*id))),
            Action::Files(actions) => most(actions.iter().map(|action| self.file(step, action))),
            Action::Exec(exec) => self.exec(exec),
        }
    }

    fn file(&self, step: &Step, action: &FileAction) -> Effect {
        match action {
            FileAction::Copy(copy) => self.copy(copy),
            // What the frontend writes of what a step made, or of a workspace that it read.
            FileAction::Origin(id) => self.of(*id).min(Effect::MayRun),
            FileAction::File { path, .. }
                if step.stage == "rust" && self.is_manifest && !is_program(path) =>
            {
                Effect::MayRun
            }
            FileAction::File { .. } | FileAction::Folder { .. } | FileAction::Link { .. } => Effect::Nothing,
        }
    }

    fn copy(&self, copy: &CopyAction) -> Effect {
        match self.of(copy.from) {
            Effect::Differs if !self.is_in_sight(copy.from, Some(&copy.source)) => Effect::Nothing,
            Effect::Differs => Effect::Differs,
            other => other.min(Effect::MayRun),
        }
    }

    fn exec(&self, exec: &Exec) -> Effect {
        let root = exec.root.iter().map(|id| match exec.root_key {
            Key::Bytes => self.mount(*id, None, Key::Bytes),
            Key::Name => self.of(*id).min(Effect::Runs),
        });
        let mounts = exec.mounts.iter().map(|mount| match &mount.kind {
            MountKind::Files { from, selector, key } => self.mount(*from, selector.as_deref(), *key),
            _ => Effect::Nothing,
        });
        most(root.chain(mounts))
    }

    fn mount(&self, from: StepId, selector: Option<&str>, key: Key) -> Effect {
        match (self.of(from), key) {
            (Effect::Differs, Key::Bytes) if !self.is_in_sight(from, selector) => Effect::Nothing,
            (Effect::Differs, _) => Effect::Runs,
            (effect, Key::Name) => effect,
            (effect, Key::Bytes) => effect.min(Effect::MayRun),
        }
    }

    /// Whether the part that is taken of the context has the file in it.
    fn is_in_sight(&self, from: StepId, part: Option<&str>) -> bool {
        let is_context = matches!(self.plan.step(from).action, Action::Context { .. });
        match part {
            Some(part) if is_context && self.path != ANY => lies_in(self.path, part),
            _ => true,
        }
    }
}

/// Scripts of ours say the same whatever the workspace says.
fn is_program(path: &str) -> bool {
    [".sh", ".py", ".cmake"].iter().any(|end| path.ends_with(end))
}

fn most(effects: impl Iterator<Item = Effect>) -> Effect {
    effects.max().unwrap_or(Effect::Nothing)
}
