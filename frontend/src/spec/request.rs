//! What a build says about itself before the spec is read.

use std::collections::BTreeMap;

use super::ResolvedModels;

/// What is asked of a spec.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `--target`; `None` or an empty name is the spec itself.
    pub target: Option<&'a str>,
    /// `--build-arg NAME=value`, without the prefix of the frontend option.
    pub build_args: &'a BTreeMap<String, String>,
    /// Where the image will run.
    pub platform: &'a PlatformNames,
    /// Where the build runs.
    pub build_platform: &'a PlatformNames,
    /// What sources of models hold; empty as long as none was asked.
    pub models: &'a ResolvedModels,
}

/// A platform in containerd's normalised names (`linux`, `arm64`, variant empty or `v7`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformNames {
    /// Operating system.
    pub os: String,
    /// Architecture in Go's words: `amd64`, `arm64`.
    pub arch: String,
    /// Variant of the architecture, often empty.
    pub variant: String,
}

impl PlatformNames {
    /// A platform by its three names.
    pub fn new(os: &str, arch: &str, variant: &str) -> Self {
        Self {
            os: os.to_string(),
            arch: arch.to_string(),
            variant: variant.to_string(),
        }
    }
}

impl std::fmt::Display for PlatformNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.arch)?;
        if self.variant.is_empty() {
            return Ok(());
        }
        write!(f, "/{}", self.variant)
    }
}
