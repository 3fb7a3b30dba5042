//! What the world answered, as data: the planner asks nobody.

use std::collections::BTreeMap;

use modelcrate_fetcher::hub::Hub;

use crate::check::GitSource;
use crate::image::ImageConfig;
use crate::python::{Lock, Project, PythonVersion};
use crate::rust::Workspace;

/// Everything that a plan depends on besides the spec.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The platform that the image is for, as OCI names its parts: os, architecture, variant.
    pub target: (String, String, String),
    /// Whether the image is for the platform that the build runs on.
    pub native: bool,
    /// Whether the same build makes the image for the platform that it runs on too, so that its base is there for both.
    pub beside_native: bool,
    /// Architecture of the platform that the build runs on.
    pub build_architecture: String,
    /// Images by the reference that the spec or a default names.
    pub images: BTreeMap<String, ImageFacts>,
    /// Python's version, where the target has Python.
    pub python_version: Option<PythonVersion>,
    /// Where uv's builds of Python are for this builder: variables of uv that were given as build args.
    pub python_addresses: BTreeMap<String, String>,
    /// The project, where the target has one.
    pub project: Option<ProjectFacts>,
    /// The packages, where the target has some.
    pub lock: Option<LockFacts>,
    /// The commits of branches and tags, where the engine could say them.
    pub commits: BTreeMap<GitSource, String>,
    /// The workspace of each entry of `rust:`.
    pub workspaces: Vec<Workspace>,
    /// The model hub.
    pub hub: Hub,
    /// Whether steps can run the checker: the engine tells a frontend its own image, and that has one for where steps run.
    pub checker: bool,
    /// `SOURCE_DATE_EPOCH`, in seconds.
    pub epoch: Option<i64>,
    /// What the client says of the source's version control.
    pub vcs: Vcs,
    /// `--label`.
    pub labels: BTreeMap<String, String>,
    /// The platform was asked for by name, so the config must say it whatever the base says.
    pub explicit_platform: bool,
    /// The same of the targets that this one takes files from, by name.
    pub sources: BTreeMap<String, Facts>,
    /// Paths that no step takes from the context: the spec itself.
    pub exclude: Vec<String>,
}

/// An image that was resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageFacts {
    /// What a registry has it by: as it was written, or the whole name of what a named context puts in its place. None for
    /// files of the client's.
    pub name: Option<String>,
    /// `sha256:…` of its manifest or index; unknown for a context given as files.
    pub digest: Option<String>,
    /// Its config.
    pub config: ImageConfig,
}

/// A Python project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectFacts {
    /// Its `pyproject.toml`, that of the workspace's root.
    pub root: Project,
    /// The `pyproject.toml` of the package that is installed; the root's when it is the root.
    pub package: Project,
    /// Folder of that package below the root, `.` for the root.
    pub package_folder: String,
}

/// A lock that uv exported.
#[derive(Debug, Clone, PartialEq)]
pub struct LockFacts {
    /// What it says.
    pub lock: Lock,
    /// The context's files that it was made of, where that is a requirements file and those that it names.
    pub files: Vec<String>,
}

/// `vcs:source` and `vcs:revision` of the client (buildx `build/git.go`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vcs {
    /// URL of the repository.
    pub source: Option<String>,
    /// The commit.
    pub revision: Option<String>,
}

impl Facts {
    /// The facts of an image; an image that was not resolved is empty, like `scratch`.
    pub fn image(&self, reference: &str) -> ImageFacts {
        self.images.get(reference).cloned().unwrap_or_default()
    }
}
