//! Programs of the frontend's own image that steps run.

use crate::check::Network;
use crate::plan::{Action, Exec, Facts, Keep, Key, Mount, MountKind, On, Step, StepId, Steps, Tree};
use crate::source::Span;

/// What a program is to do in a step.
pub(super) struct Run {
    /// The step's name.
    pub name: String,
    /// What in the spec asks for it.
    pub span: Span,
    /// The program's own arguments.
    pub args: Vec<String>,
    /// Besides the program.
    pub mounts: Vec<Mount>,
    /// Where it is not the builder's.
    pub network: Option<Network>,
}

/// A program that is compiled for where steps run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Program {
    /// Downloads what no source of the engine does.
    Fetcher,
    /// Looks at what the engine downloaded.
    Checker,
}

impl Program {
    /// Where it lies in a step.
    pub fn path(self) -> &'static str {
        match self {
            Self::Fetcher => "/run/modelcrate/fetcher",
            Self::Checker => "/run/modelcrate/checker",
        }
    }

    /// A step that runs it on an empty root. No file of a model differs by platform, so it runs where the build does.
    pub fn step(self, steps: &mut Steps, facts: &Facts, run: Run) -> StepId {
        let mut mounts = run.mounts;
        mounts.push(self.mount(steps, facts, run.span));
        let action = Action::Exec(Exec {
            root: Tree::new(),
            root_key: Key::Name,
            keep: Keep::Layer,
            args: std::iter::once(self.path().to_owned()).chain(run.args).collect(),
            env: Vec::new(),
            cwd: "/".into(),
            mounts,
            secret_env: Vec::new(),
            network: run.network,
        });
        steps.add(Step {
            stage: "models",
            name: run.name,
            span: run.span,
            platform: On::Build,
            action,
        })
    }

    /// The program alone, known by its bytes: under a new frontend with the same program no step runs again.
    fn mount(self, steps: &mut Steps, facts: &Facts, span: Span) -> Mount {
        let name = self.name();
        let source = format!("/{name}/{}", facts.build_architecture);
        let from = steps.program(
            "models",
            format!("take the {name}"),
            span,
            source,
            &format!("/{name}"),
        );
        Mount {
            path: self.path().into(),
            kind: MountKind::Files {
                from,
                selector: Some(format!("/{name}")),
                key: Key::Bytes,
            },
        }
    }

    /// Its folder in the image, which has a file for each architecture.
    fn name(self) -> &'static str {
        match self {
            Self::Fetcher => "fetcher",
            Self::Checker => "checker",
        }
    }
}
