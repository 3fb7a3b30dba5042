//! One step in words.

use serde::Serialize;

use super::Numbers;
use crate::check::{Network, Sharing};
use crate::plan::{Action, Exec, FileAction, Key, MountKind, On, Plan, Step, StepId};
use crate::source::{Source, Span};

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Its number in this plan, from 1.
    pub number: usize,
    /// What it does.
    pub name: String,
    /// The line of the spec that asks for it; left out where a default does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// `target`, `build` (the builder's own: no emulation) or `any` (once for all platforms).
    pub platform: &'static str,
    /// Its place among the image's layers, from 1; left out where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<usize>,
    /// What a command stands on, the lowest first; what is copied, where it is no command.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<From>,
    /// What a command sees besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<Mount>,
    /// Variables whose values are secrets, and the ids of those.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<(String, String)>,
    /// `none` or `host`; left out where it is the build's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<&'static str>,
}

/// Where files come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// A step, by its number.
    Step(usize),
    /// Files of the context; all of it where there are none.
    Context(Vec<String>),
    /// A small file that modelcrate writes.
    Written(String),
    /// A small file that modelcrate writes of what a step made.
    Part {
        /// Its name.
        name: String,
        /// The step.
        of: usize,
    },
    /// The frontend's own image.
    Frontend,
}

/// Something that a command sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mount {
    /// Where.
    pub path: String,
    /// What.
    #[serde(flatten)]
    pub seen: Seen,
}

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Seen {
    /// Files, read-only.
    Files {
        /// Where they come from.
        from: Vec<From>,
        /// `bytes` or `name`: what of them makes the step run again.
        key: &'static str,
    },
    /// A folder that is kept between builds.
    Cache {
        /// Its identity.
        id: String,
        /// `shared`, `private` or `locked`.
        sharing: &'static str,
    },
    /// A secret in a file.
    Secret {
        /// Its id.
        id: String,
    },
    /// The socket of an SSH agent.
    Ssh {
        /// The agent's id.
        id: String,
    },
    /// Memory.
    Memory,
}

/// The step at `index`, in words.
pub(super) fn explained(plan: &Plan, numbers: &Numbers, index: usize, source: &Source) -> Explained {
    let step = &plan.steps[index];
    let layer = plan.image.iter().position(|id| id.index() == index);
    let (on, mounts, secrets, network) = match &step.action {
        Action::Exec(exec) => (
            unique(exec.root.iter().flat_map(|id| from(plan, numbers, *id))),
            mounts(plan, numbers, exec),
            secrets(exec),
            exec.network,
        ),
        Action::Files(actions) => (
            unique(copied(actions).flat_map(|id| from(plan, numbers, id))),
            Vec::new(),
            Vec::new(),
            None,
        ),
        _ => (Vec::new(), Vec::new(), Vec::new(), None),
    };
    Explained {
        number: numbers.0[index].unwrap_or_default(),
        name: step.name.clone(),
        line: (step.span != Span::default()).then(|| source.position(step.span.start).line),
        platform: match step.platform {
            On::Target => "target",
            On::Build => "build",
            On::Any => "any",
        },
        layer: layer.map(|layer| layer + 1),
        on,
        mounts,
        secrets,
        network: match network {
            None | Some(Network::Default) => None,
            Some(Network::None) => Some("none"),
            Some(Network::Host) => Some("host"),
        },
    }
}

fn copied(actions: &[FileAction]) -> impl Iterator<Item = StepId> {
    actions.iter().filter_map(|action| match action {
        FileAction::Copy(copy) => Some(copy.from),
        _ => None,
    })
}

/// A step by its number; one without by what it is.
fn from(plan: &Plan, numbers: &Numbers, id: StepId) -> Vec<From> {
    if let Some(number) = numbers.get(id) {
        return vec![From::Step(number)];
    }
    let Step { action, name, .. } = plan.step(id);
    match action {
        Action::Context { paths, .. } => vec![From::Context(paths.clone())],
        Action::FrontendImage => vec![From::Frontend],
        Action::Tree(tree) => unique(tree.iter().flat_map(|id| from(plan, numbers, *id))),
        action => vec![written(numbers, action, name)],
    }
}

fn written(numbers: &Numbers, action: &Action, name: &str) -> From {
    let name = name.trim_start_matches("write ").to_owned();
    let origin = match action {
        Action::Files(actions) => actions.iter().find_map(|action| match action {
            FileAction::Origin(id) => numbers.get(*id),
            _ => None,
        }),
        _ => None,
    };
    match origin {
        Some(of) => From::Part { name, of },
        None => From::Written(name),
    }
}

fn unique(all: impl Iterator<Item = From>) -> Vec<From> {
    let mut unique = Vec::new();
    for from in all {
        if !unique.contains(&from) {
            unique.push(from);
        }
    }
    unique
}

fn mounts(plan: &Plan, numbers: &Numbers, exec: &Exec) -> Vec<Mount> {
    let mounts = exec.mounts.iter().map(|mount| Mount {
        path: mount.path.clone(),
        seen: match &mount.kind {
            MountKind::Files { from: id, key, .. } => Seen::Files {
                from: from(plan, numbers, *id),
                key: match key {
                    Key::Bytes => "bytes",
                    Key::Name => "name",
                },
            },
            MountKind::Cache { id, sharing } => Seen::Cache {
                id: id.clone(),
                sharing: match sharing {
                    Sharing::Shared => "shared",
                    Sharing::Private => "private",
                    Sharing::Locked => "locked",
                },
            },
            MountKind::Secret { id, .. } => Seen::Secret { id: id.clone() },
            MountKind::Ssh { id, .. } => Seen::Ssh { id: id.clone() },
            MountKind::Tmpfs => Seen::Memory,
        },
    });
    mounts.collect()
}

fn secrets(exec: &Exec) -> Vec<(String, String)> {
    let secrets = exec.secret_env.iter();
    secrets
        .map(|secret| (secret.name.clone(), secret.id.clone()))
        .collect()
}
