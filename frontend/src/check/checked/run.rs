//! Commands of the user's own.

use super::{CacheMount, FilesMount, SecretUse};
use crate::source::{Span, Spanned};

/// What a command of a build stage leaves in the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Absolute path that the command makes.
    pub src: Spanned<String>,
    /// Absolute path in the image; a trailing `/` means "into this folder".
    pub dest: Spanned<String>,
    /// Owner; root when `None`.
    pub owner: Option<(u32, u32)>,
    /// Mode in octal or chmod form; as it was made when `None`.
    pub mode: Option<Spanned<String>>,
}

/// A command of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What the progress display says; the first line of the command when `None`.
    pub name: Option<String>,
    /// One shell script, run by `/bin/sh -e`.
    pub script: Spanned<String>,
    /// Where it runs.
    pub stage: RunStage,
    /// What an image command stands on.
    pub after: RunAfter,
    /// Folders that are kept between builds.
    pub cache: Vec<CacheMount>,
    /// Secrets that this command sees.
    pub secrets: Vec<SecretUse>,
    /// SSH agents of the client that this command sees, by their ids; the first is `SSH_AUTH_SOCK`.
    pub ssh: Vec<Spanned<String>>,
    /// `None` is the build's default.
    pub network: Option<Network>,
    /// Environment of this command alone.
    pub env: Vec<(String, String)>,
    /// Files and folders of the context that this command sees, mounted read-only below the working directory: clean
    /// relative paths without wildcards, `.` for the whole context.
    pub inputs: Vec<Spanned<String>>,
    /// Files of elsewhere that this command sees.
    pub mounts: Vec<FilesMount>,
    /// What a `stage: build` command makes and the image keeps.
    pub outputs: Vec<Output>,
    /// Where it was written.
    pub span: Span,
}

/// Where a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStage {
    /// On the image as it is; what it changes becomes a layer.
    Image,
    /// On the build image; only its outputs are kept.
    Build,
}

/// What a command on the image stands on: the less it is, the less makes it run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunAfter {
    /// The base, its packages and the user.
    System,
    /// Python's dependencies too.
    Dependencies,
    /// Everything: the project and copied files too.
    All,
}

/// The network of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The builder's sandbox network.
    Default,
    /// None at all.
    None,
    /// The builder's own; needs an entitlement.
    Host,
}
