//! The Python side of a target.

use std::collections::BTreeMap;

use crate::source::{Span, Spanned};

/// The Python side of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Python {
    /// `3.11` or `3.11.13`; `None` takes what the base or the project says.
    pub version: Option<Spanned<String>>,
    /// The uv that does the work.
    pub uv: Spanned<Uv>,
    /// What is installed.
    pub source: PythonSource,
    /// Where the interpreter comes from.
    pub interpreter: Interpreter,
    /// `mirror:`, in place of the address that uv downloads its builds from (`UV_PYTHON_INSTALL_MIRROR`).
    pub mirror: Option<Spanned<String>>,
    /// `downloads:`, a JSON list of builds (`UV_PYTHON_DOWNLOADS_JSON_URL`).
    pub downloads: Option<Spanned<String>>,
    /// `[project.optional-dependencies]` to install.
    pub extras: Vec<Spanned<String>>,
    /// `[dependency-groups]` to install; uv's default groups are not.
    pub groups: Vec<Spanned<String>>,
    /// Credentials of indexes, by the index's name in the project or here.
    pub indexes: BTreeMap<String, Index>,
    /// Debian packages that building from source needs; they never reach the image.
    pub apt: Vec<Spanned<String>>,
    /// Environment of steps that build from source (`SETUPTOOLS_SCM_PRETEND_VERSION`, …).
    pub build_env: BTreeMap<String, Spanned<String>>,
    /// Where `python:` was written.
    pub span: Span,
}

/// The uv that does the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uv {
    /// A release, `0.13.8`.
    Version(String),
    /// An image that has uv, such as a mirror's.
    Image(String),
}

/// What Python packages are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PythonSource {
    /// A uv project: the folder of `pyproject.toml` and `uv.lock`, relative to the context, and a workspace member.
    Project {
        /// Folder in the context, clean, `.` for the context itself.
        folder: Spanned<String>,
        /// `package:`, a member of the workspace; `None` is the root.
        package: Option<Spanned<String>>,
    },
    /// A `requirements.txt`.
    Requirements(Spanned<String>),
    /// An interpreter and nothing else.
    None,
}

/// Where the interpreter comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interpreter {
    /// The base image's own when its config says it has the right one (`PYTHON_VERSION`), else uv's build.
    Auto,
    /// This absolute path of the base image.
    Base(Spanned<String>),
    /// uv's own build.
    Uv,
}

/// A package index and the secrets that open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// `url:`; `None` when the project's own `[[tool.uv.index]]` has it.
    pub url: Option<Spanned<String>>,
    /// Id of the secret that holds the user name.
    pub username: Option<Spanned<String>>,
    /// Id of the secret that holds the password or token.
    pub password: Option<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}
