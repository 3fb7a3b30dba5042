//! What the client asked for: strings of the environment come in, typed options go out.
//!
//! Every value is read once, here; whatever is wrong with any of them is reported in one go, each problem with the
//! option, the value and the right form. Options that nobody knows are ignored, as the Dockerfile frontend does.

mod cache;
mod door;
mod env;
mod error;
mod exec;
mod platform;
mod request;

use std::collections::BTreeMap;

use buildkit_llb::{Platform, ProxyEnv, ResolveMode};

pub use cache::{CacheImport, NoCache};
pub use error::{OptionError, OptionErrors};
pub use exec::ExecOptions;
pub use request::Request;

/// The options of one build.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// The path of the spec (`filename`, `docker buildx build -f`).
    pub filename: Option<String>,
    /// The stage to build (`target`).
    pub target: Option<String>,
    /// The platforms asked for, normalised, each once; none means where the engine runs (`platform`).
    pub platforms: Vec<Platform>,
    /// Whether the result is an index (`multi-platform`, or several platforms).
    pub multi_platform: bool,
    /// The user's build arguments, without those that are for BuildKit (`build-arg:*`).
    pub build_args: BTreeMap<String, String>,
    /// Build arguments that are for BuildKit, by their whole name: `BUILDKIT_*`.
    pub reserved_args: BTreeMap<String, String>,
    /// Proxies of the build network; they reach steps without being part of their cache key (`build-arg:HTTP_PROXY`, …).
    pub proxy: Option<ProxyEnv>,
    /// The time of the image in seconds since 1970 (`build-arg:SOURCE_DATE_EPOCH`).
    pub source_date_epoch: Option<i64>,
    /// Labels of the image; they win over those of the spec (`label:*`).
    pub labels: BTreeMap<String, String>,
    /// What is built even if it is known (`no-cache`).
    pub no_cache: NoCache,
    /// Whether registries are asked for images (`image-resolve-mode`, `--pull`).
    pub resolve_mode: ResolveMode,
    /// What all steps run with.
    pub exec: ExecOptions,
    /// Caches to take from (`cache-imports`, `--cache-from`).
    pub cache_imports: Vec<CacheImport>,
    /// What cache mount ids begin with (`build-arg:BUILDKIT_CACHE_MOUNT_NS`); mostly empty.
    pub cache_namespace: String,
    /// Where spec and files come from.
    pub context: ContextOptions,
    /// The question that is asked instead of a build (`requestid`, `--call`).
    pub request: Option<Request>,
    /// The first capability that the client needs of its frontend and this one lacks (`frontend.caps`).
    pub unsupported_cap: Option<String>,
    /// The image of this frontend (`source`).
    pub source: Option<String>,
    /// The whole value of the `# syntax=` line (`cmdline`).
    pub cmdline: Option<String>,
    /// Attestations asked for, by type: `sbom`, `provenance` (`attest:*`, `build-arg:BUILDKIT_ATTEST_*`).
    pub attestations: BTreeMap<String, String>,
    /// What the client knows of the repository: `source`, `revision`, `localdir:context` (`vcs:*`).
    pub vcs: BTreeMap<String, String>,
    /// Options that were given, that other frontends honour and that this one does not.
    pub ignored: Vec<String>,
    /// The client's session (`BUILDKIT_SESSION_ID`).
    pub session: String,
    /// What the user runs, `docker` for Docker Engine (`BUILDKIT_EXPORTEDPRODUCT`).
    pub product: String,
    /// Where steps run natively (`BUILDKIT_WORKERS`).
    pub build_platform: Option<Platform>,
}

/// Where spec and files come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContextOptions {
    /// A git repository or a file to download instead of the client's folder (`context`, or what `contextkey` names).
    pub remote: Option<String>,
    /// The folder of the remote context to use (`contextsubdir`).
    pub subdir: Option<String>,
    /// The local source that has the spec, even with a remote context (`dockerfilekey`).
    pub spec_local: Option<String>,
    /// Whether a git context keeps its `.git` (`build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR`).
    pub keep_git_dir: bool,
    /// Named contexts, `NAME` or `NAME::PLATFORM` → `TYPE:rest` (`context:*`, `--build-context`).
    pub named: BTreeMap<String, String>,
    /// Metadata of linked targets, by input: key → value (`input-metadata:*`).
    pub input_metadata: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    /// Sessions of single local sources, by name (`local-sessionid:*`).
    pub local_sessions: BTreeMap<String, String>,
    /// What local folders share with other builds, by named context (`sharedkey:localdir:*`, buildx since 0.28).
    pub shared_keys: BTreeMap<String, String>,
}

impl Options {
    /// The session that serves the local source `name`.
    pub fn session_of(&self, name: &str) -> &str {
        self.context.local_sessions.get(name).unwrap_or(&self.session)
    }
}

#[cfg(test)]
mod tests;
