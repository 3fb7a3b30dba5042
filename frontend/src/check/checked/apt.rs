//! Debian packages.

use crate::source::{Span, Spanned};

/// Debian packages, and where they come from besides the base's own sources.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Apt {
    /// Packages as `apt-get install` takes them, sorted, each once.
    pub packages: Vec<Spanned<String>>,
    /// More places that packages come from.
    pub repositories: Vec<Repository>,
}

/// A repository of Debian packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Its address.
    pub url: Spanned<String>,
    /// Its suites; a folder ends in `/`.
    pub suites: Vec<String>,
    /// Parts of the suites; none for folders.
    pub components: Vec<String>,
    /// The key that it is signed with.
    pub key: RepositoryKey,
    /// The image knows the repository too.
    pub keep: bool,
    /// Where it was written.
    pub span: Span,
}

/// The key of a repository, armored or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepositoryKey {
    /// A file of the context, absolute in it.
    Context(Spanned<String>),
    /// A file that is downloaded.
    Url {
        /// Its address.
        url: Spanned<String>,
        /// SHA-256 of what it holds, in lower-case hexadecimal.
        sha256: String,
    },
    /// The armored text.
    Text(String),
}
