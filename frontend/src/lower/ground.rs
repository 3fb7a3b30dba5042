//! What steps stand on when they become LLB: resolved images, the context, the engine's settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use buildkit_llb::{Location, Output, Platform, Position, ProxyEnv, Range, SourceInfo, Ulimit};

use crate::check::Network;
use crate::plan::On;
use crate::source::{Source, Span};

/// Everything that lowering needs besides the steps.
pub struct Ground<'a> {
    /// The spec, for places.
    pub source: &'a Source,
    /// The spec as the engine shows it in code frames.
    pub info: Arc<SourceInfo>,
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
    /// Files of the main context: paths that are used, patterns that stay behind.
    pub context: &'a dyn Fn(&[String], &[String]) -> Output,
    /// Whether the engine merges.
    pub merges: bool,
    /// What is built again although nothing changed.
    pub no_cache: NoCache,
    /// Settings of every command.
    pub exec: ExecSettings,
    /// Prefix of the identities of cache mounts (`BUILDKIT_CACHE_MOUNT_NS`).
    pub cache_namespace: String,
}

/// What is built again although nothing changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum NoCache {
    /// Nothing.
    #[default]
    Nothing,
    /// Everything.
    All,
    /// These stages.
    Stages(Vec<String>),
}

/// Settings of every command, from the client's options.
#[derive(Debug, Clone, Default)]
pub struct ExecSettings {
    /// `--add-host`.
    pub hosts: Vec<(String, String)>,
    /// `--ulimit`.
    pub ulimits: Vec<Ulimit>,
    /// `--cgroup-parent`.
    pub cgroup_parent: Option<String>,
    /// `--shm-size`, in bytes.
    pub shm_size: Option<i64>,
    /// `--network`.
    pub network: Option<Network>,
    /// `BUILDKIT_SANDBOX_HOSTNAME`.
    pub hostname: Option<String>,
    /// Proxy build args; they are no part of a step's key.
    pub proxy: Option<ProxyEnv>,
}

impl NoCache {
    /// Whether steps of `stage` run again.
    pub fn covers(&self, stage: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Stages(stages) => stages.iter().any(|name| name.eq_ignore_ascii_case(stage)),
        }
    }
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

    pub(super) fn context(&self, paths: &[String], exclude: &[String]) -> Option<Output> {
        Some((self.context)(paths, exclude))
    }

    /// The lines of a span, for the engine's code frames. Lines count from 1, characters from 0 as BuildKit has it.
    pub fn location(&self, span: Span) -> Location {
        let at = |offset: usize| {
            let position = self.source.position(offset);
            let number = |value: usize| i32::try_from(value).unwrap_or(i32::MAX);
            Position {
                line: number(position.line),
                character: number(position.column.saturating_sub(1)),
            }
        };
        // A block ends before the line break that follows it.
        let end = self.source.slice(span).trim_end().len() + span.start;
        Location {
            source: Arc::clone(&self.info),
            ranges: vec![Range {
                start: at(span.start),
                end: at(end),
            }],
        }
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
