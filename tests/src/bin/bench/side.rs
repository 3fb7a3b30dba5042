//! The two sides of a comparison.

use std::path::PathBuf;
use std::process::Command;

use modelcrate_tests::{Context, Project, repository};

use crate::system::System;

/// Who describes the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The example's spec.
    Modelcrate,
    /// The Dockerfile in `tests/baseline/`.
    Dockerfile,
}

impl Side {
    /// For tables.
    pub fn title(self) -> &'static str {
        match self {
            Self::Modelcrate => "modelcrate",
            Self::Dockerfile => "Dockerfile",
        }
    }

    /// For names of images.
    pub fn word(self) -> &'static str {
        match self {
            Self::Modelcrate => "modelcrate",
            Self::Dockerfile => "dockerfile",
        }
    }

    /// Where the image is described.
    pub fn file(self, system: &System, project: &Project) -> PathBuf {
        match self {
            Self::Modelcrate => match system.expected().context {
                Context::Example => project.file("modelcrate.yaml"),
                Context::Repository => project.file(&format!("examples/{}/modelcrate.yaml", system.folder())),
            },
            Self::Dockerfile => repository()
                .join("tests/baseline")
                .join(system.name)
                .join("Dockerfile"),
        }
    }

    /// What a build of this side says besides what both say.
    pub fn describe(self, command: &mut Command, system: &System, project: &Project) {
        command.arg("--file").arg(self.file(system, project));
        if let (Self::Modelcrate, Some(target)) = (self, system.target) {
            command.args(["--target", target]);
        }
    }
}
