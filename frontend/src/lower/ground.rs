//! What steps stand on when they become LLB: resolved images, the context, the client's options.

use std::collections::BTreeMap;

use buildkit_llb::{Meta, Output, Platform, ProxyEnv};

use crate::context::{Context, Selection, SpecFile};
use crate::options::{ExecOptions, NoCache};
use crate::plan::On;

/// Everything that lowering needs besides the steps.
pub struct Ground<'a> {
    /// The spec, for places.
    pub spec: &'a SpecFile,
    /// The main context.
    pub context: &'a Context,
    /// The platform that the image is for.
    pub target: Platform,
    /// The platform that the build runs on.
    pub build: Platform,
    /// `linux/arm64`, when the build is for several platforms.
    pub platform_prefix: Option<String>,
    /// Images by reference and platform; `None` is an empty one (`scratch` as a named context).
    pub images: BTreeMap<(String, String), Option<Output>>,
    /// The frontend's own image.
    pub frontend_image: Option<Output>,
    /// Whether the engine merges.
    pub merges: bool,
    /// What is built again although nothing changed.
    pub no_cache: &'a NoCache,
    /// Settings of every command.
    pub exec: &'a ExecOptions,
    /// Proxies of every command; they are no part of a step's key.
    pub proxy: Option<&'a ProxyEnv>,
    /// Prefix of the identities of cache mounts.
    pub cache_namespace: &'a str,
}

impl std::fmt::Debug for Ground<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ground")
            .field("target", &self.target)
            .field("merges", &self.merges)
            .finish_non_exhaustive()
    }
}

impl Ground<'_> {
    /// An image of the target or build platform.
    pub(super) fn image(&self, reference: &str, on: On) -> Option<Output> {
        self.images
            .get(&(reference.to_owned(), self.platform(on).to_string()))
            .cloned()
            .flatten()
    }

    /// The platform that a step means; the build's where it means none.
    pub fn platform(&self, on: On) -> &Platform {
        match on {
            On::Target => &self.target,
            On::Build | On::Any => &self.build,
        }
    }

    pub(super) fn files(&self, paths: &[String], exclude: &[String], meta: Meta) -> Option<Output> {
        self.context
            .files(&Selection::paths(paths).without(exclude.iter().cloned()), meta)
    }

    /// The identity of a cache mount, in the shape that Dockerfiles give it, so that both share the folder
    /// (buildkit `frontend/dockerfile/dockerfile2llb/convert_runmount.go`).
    pub(super) fn cache_id(&self, id: &str) -> String {
        format!("{}/{}", self.cache_namespace, id.trim_start_matches('/'))
    }

    /// `[linux/arm64 image] words` or `[image] words`.
    pub(super) fn prefixed(&self, stage: &str, words: &str) -> String {
        match &self.platform_prefix {
            Some(platform) => format!("[{platform} {}] {words}", stage.trim_matches(['[', ']'])),
            None => format!("{stage} {words}"),
        }
    }
}
