//! What happens to a system between two builds, and what the second build finds.

use clap::ValueEnum;

/// A change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Scenario {
    /// Application code is edited
    Code,
    /// One small Python package gets another version
    Python,
    /// One small crate gets another version
    Rust,
    /// A patch release of the base image
    Base,
}

impl Scenario {
    /// All of them, as the tables have them.
    pub const ALL: [Self; 4] = [Self::Code, Self::Python, Self::Rust, Self::Base];

    /// For tables.
    pub fn words(self) -> &'static str {
        match self {
            Self::Code => "edit of application code",
            Self::Python => "bump of one small Python dependency",
            Self::Rust => "bump of one Rust dependency",
            Self::Base => "new patch version of the base",
        }
    }

    /// For names of images.
    pub fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Python => "python",
            Self::Rust => "rust",
            Self::Base => "base",
        }
    }
}

/// Where a build finds what earlier builds did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// On the engine that ran the first build.
    Kept,
    /// In a registry; the engine is empty.
    Registry,
}

impl Cache {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Kept, Self::Registry];

    /// For tables.
    pub fn words(self) -> &'static str {
        match self {
            Self::Kept => "On an engine that keeps its cache",
            Self::Registry => "On an empty engine with a cache in a registry",
        }
    }
}
