//! Programs of the frontend's own image that steps run.

use crate::plan::{Action, CopyAction, Facts, FileAction, Key, Mount, MountKind, On, Step, Steps};
use crate::source::Span;

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

    /// The program alone, known by its bytes: under a new frontend with the same program no step runs again.
    pub fn mount(self, steps: &mut Steps, facts: &Facts, span: Span) -> Mount {
        let name = self.name();
        let image = steps.add(Step {
            stage: "models",
            name: "from the frontend".into(),
            span,
            platform: On::Any,
            action: Action::FrontendImage,
        });
        let copy = FileAction::Copy(CopyAction {
            from: image,
            source: format!("/{name}/{}", facts.build_architecture),
            dest: format!("/{name}"),
            owner: None,
            mode: Some("0755".into()),
            exclude: Vec::new(),
        });
        let from = steps.add(Step {
            stage: "models",
            name: format!("take the {name}"),
            span,
            platform: On::Any,
            action: Action::Files(vec![copy]),
        });
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
