//! Projects that are compiled with CMake.

use super::{Network, SecretUse};
use crate::source::{Span, Spanned};

/// A project that is compiled with CMake.
#[derive(Debug, Clone, PartialEq)]
pub struct Cmake {
    /// Where it comes from.
    pub source: CmakeSource,
    /// Id of the secret that opens its repository; `None` is BuildKit's own `GIT_AUTH_TOKEN`.
    pub token: Option<Spanned<String>>,
    /// Cache variables in the written order.
    pub options: Vec<(Spanned<String>, Spanned<String>)>,
    /// What is built; empty is everything.
    pub targets: Vec<Spanned<String>>,
    /// What the image gets of it.
    pub install: CmakeInstall,
    /// `Release`, `Debug`, ….
    pub build_type: Spanned<String>,
    /// Debian packages that compiling needs, sorted, each once.
    pub apt: Vec<Spanned<String>>,
    /// Environment of the build.
    pub env: Vec<(String, String)>,
    /// Secrets that the build sees.
    pub secrets: Vec<SecretUse>,
    /// SSH agents of the client that the build sees, by their ids; the first also opens its repository.
    pub ssh: Vec<Spanned<String>>,
    /// `None` is the build's default.
    pub network: Option<Network>,
    /// Where it was written.
    pub span: Span,
}

/// Where a project comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CmakeSource {
    /// A folder of the context, clean and relative to it, `.` for the context itself.
    Context(Spanned<String>),
    /// A git repository.
    Git(GitSource),
}

/// A git repository, and what is taken of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GitSource {
    /// Its URL, or `user@host:path`.
    pub url: Spanned<String>,
    /// A branch, tag or commit; the repository's own default when `None`.
    pub reference: Option<String>,
    /// A folder in it; all of it when `None`.
    pub subdir: Option<String>,
}

/// What the image gets of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CmakeInstall {
    /// The programs among its targets, and the shared libraries of the project that they need.
    Targets,
    /// All that it installs.
    All,
    /// One component of what it installs.
    Component(String),
    /// These files of the build folder, wildcards allowed, and where they go.
    Files(Vec<(Spanned<String>, Spanned<String>)>),
}

/// The cache variable that `cuda.archs` gives a value.
pub const CUDA_ARCHITECTURES: &str = "CMAKE_CUDA_ARCHITECTURES";
