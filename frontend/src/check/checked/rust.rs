//! Programs that cargo compiles.

use std::collections::BTreeMap;

use super::Network;
use crate::rust::Channel;
use crate::source::{Span, Spanned};

/// Programs of one cargo workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rust {
    /// Folder of `Cargo.toml` in the context, clean, `.` for the context itself.
    pub path: Spanned<String>,
    /// `package:`; `None` is what cargo takes in that folder.
    pub package: Option<Spanned<String>>,
    /// What is compiled, and where it goes; empty is every program, to [`defaults::BIN`](super::super::defaults::BIN).
    pub install: BTreeMap<String, String>,
    /// Features to switch on.
    pub features: Vec<Spanned<String>>,
    /// Whether the default features are on.
    pub default_features: bool,
    /// All features are on.
    pub all_features: bool,
    /// `toolchain:`; `None` is what `rust-toolchain.toml` says.
    pub toolchain: Option<Spanned<Channel>>,
    /// Cargo's profile.
    pub profile: String,
    /// `lto:`, in the words of cargo's profiles.
    pub lto: Option<String>,
    /// `codegen_units:`.
    pub codegen_units: Option<u32>,
    /// What is compiled for.
    pub target: Option<Spanned<RustTarget>>,
    /// The image to compile on; `None` is the base's system with Rust's official toolchain.
    pub image: Option<Spanned<String>>,
    /// Debian packages that compiling needs; they never reach the image.
    pub apt: Vec<Spanned<String>>,
    /// Paths of the context that compiling reads besides the packages' folders.
    pub inputs: Vec<Spanned<String>>,
    /// Patterns of files that it does not read.
    pub exclude: Vec<String>,
    /// Environment for compiling.
    pub env: Vec<(String, String)>,
    /// Network while things are compiled.
    pub network: Network,
    /// Id of the secret with a token for git; `None` is `GIT_AUTH_TOKEN`, which may be missing.
    pub token: Option<Spanned<String>>,
    /// Ids of SSH agents for git; none is the default one, which may be missing.
    pub ssh: Vec<Spanned<String>>,
    /// Ids of secrets with tokens, by the registry's name in cargo's settings.
    pub registries: BTreeMap<String, Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

/// What a program is compiled for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RustTarget {
    /// The platform's triple with glibc.
    Gnu,
    /// The platform's triple with musl: a static program.
    Musl,
    /// A triple as it was written.
    Triple(String),
}
