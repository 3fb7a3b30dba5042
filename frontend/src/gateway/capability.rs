//! What the engine can do, from its answer to `Ping`, and how to say what it lacks.

use std::collections::BTreeMap;

use bollard_buildkit_proto::moby::buildkit::v1::apicaps::ApiCap;

use super::error::{ErrorKind, GatewayError};
use super::release::Release;

/// `Solve` answers with results, not with bare ids.
pub const RETURN: &str = "return";
/// `Return` takes one filesystem per platform.
pub const RETURN_MAP: &str = "returnmap";
/// `ReadDir` works.
pub const READ_DIR: &str = "readdir";
/// `StatFile` works.
pub const STAT_FILE: &str = "statfile";
/// `Solve` takes cache imports.
pub const IMPORT_CACHES: &str = "importcaches";
/// `Inputs` works.
pub const FRONTEND_INPUTS: &str = "frontend.inputs";
/// `Solve` with `evaluate` runs the graph at once.
pub const SOLVE_EVALUATE: &str = "gateway.solve.evaluate";
/// `Evaluate` works.
pub const EVALUATE: &str = "gateway.evaluate";
/// `Warn` works.
pub const WARNINGS: &str = "gateway.warnings";
/// `Return` takes attestations.
pub const ATTESTATIONS: &str = "reference.attestations";
/// `ResolveSourceMeta` works.
pub const SOURCE_META: &str = "source.metaresolver";

/// What an engine without capability lists could do (buildkit frontend/gateway/grpcclient/client.go, `defaultCaps`).
const FROZEN_GATEWAY: [&str; 4] = ["solve.base", "solve.inlinereturn", "resolveimage", "readfile"];

/// What such an engine could run (the same file, `defaultLLBCaps`), odd spelling included.
const FROZEN_LLB: [&str; 29] = [
    "source.image",
    "source.local",
    "source.local.unique",
    "source.local.sessionid",
    "source.local.includepatterns",
    "source.local.followpaths",
    "source.local.excludepatterns",
    "source.local.sharedkeyhint",
    "source.git",
    "source.git.keepgitdir",
    "source.git.fullurl",
    "source.http",
    "source.http.checksum",
    "source.http.perm",
    "soruce.http.uidgid",
    "source.buildop.llbfilename",
    "exec.meta.base",
    "exec.meta.proxyenv",
    "exec.mount.bind",
    "exec.mount.cache",
    "exec.mount.cache.sharing",
    "exec.mount.selector",
    "exec.mount.tmpfs",
    "exec.mount.secret",
    "constraints",
    "platform",
    "meta.ignorecache",
    "meta.description",
    "meta.exportcache",
];

/// What the engine offers: calls of the gateway, and features of LLB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    gateway: BTreeMap<String, State>,
    llb: BTreeMap<String, State>,
    product: String,
}

/// One capability of the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Enabled,
    /// Known to the engine and switched off, for this reason (may be empty).
    Disabled(String),
}

impl Capabilities {
    /// The answer to `Ping`; no list at all means an ancient engine, with the capabilities that it had.
    ///
    /// `product` is what the user runs, `docker` for Docker Engine (`BUILDKIT_EXPORTEDPRODUCT`).
    pub fn new(gateway: &[ApiCap], llb: &[ApiCap], product: &str) -> Self {
        Self {
            gateway: states(gateway, &FROZEN_GATEWAY),
            llb: states(llb, &FROZEN_LLB),
            product: product.to_owned(),
        }
    }

    /// Whether the engine can run LLB that uses `id` (ids of buildkit solver/pb/caps.go).
    pub fn has(&self, id: &str) -> bool {
        self.llb.get(id) == Some(&State::Enabled)
    }

    /// Whether the gateway offers `id` (ids of buildkit frontend/gateway/pb/caps.go).
    pub fn gateway_has(&self, id: &str) -> bool {
        self.gateway.get(id) == Some(&State::Enabled)
    }

    /// Fails with the reason and the update that helps where the engine cannot run `id`.
    pub fn require(&self, id: &str) -> Result<(), GatewayError> {
        self.check(&self.llb, id)
    }

    /// Fails with the reason and the update that helps where the gateway does not offer `id`.
    pub fn require_gateway(&self, id: &str) -> Result<(), GatewayError> {
        self.check(&self.gateway, id)
    }

    /// Why the engine switched `id` off, in its own words; none where it is on or unknown.
    pub fn disabled_reason(&self, id: &str) -> Option<&str> {
        match self.llb.get(id) {
            Some(State::Disabled(reason)) => Some(reason),
            _ => None,
        }
    }

    fn check(&self, states: &BTreeMap<String, State>, id: &str) -> Result<(), GatewayError> {
        match states.get(id) {
            Some(State::Enabled) => Ok(()),
            Some(State::Disabled(reason)) => Err(self.disabled(id, reason)),
            None => Err(self.missing(id)),
        }
    }

    fn disabled(&self, id: &str, reason: &str) -> GatewayError {
        let reason = if reason.is_empty() {
            String::new()
        } else {
            format!(": {reason}")
        };
        let error = GatewayError::new(
            ErrorKind::Unsupported,
            format!("this engine has the feature `{id}` switched off{reason}"),
        );
        error.hint(format!("build with {OWN_BUILDER}"))
    }

    fn missing(&self, id: &str) -> GatewayError {
        let Some(release) = Release::of(id) else {
            return GatewayError::new(
                ErrorKind::Unsupported,
                format!("this engine does not know the feature `{id}`"),
            )
            .hint(format!("update the engine, or build with {OWN_BUILDER}"));
        };
        GatewayError::new(
            ErrorKind::Unsupported,
            format!("this engine is too old for the feature `{id}`, which came with {release}"),
        )
        .hint(self.update(release))
    }

    fn update(&self, release: Release) -> String {
        if self.product == "docker" {
            format!(
                "update Docker Engine to {} or later, or build with {OWN_BUILDER}",
                release.docker_engine()
            )
        } else {
            format!("update the engine to {release} or later")
        }
    }
}

/// The way round an engine that lacks something: the `docker-container` driver runs a current BuildKit.
const OWN_BUILDER: &str = "a builder of its own: `docker buildx create --use`";

fn states(listed: &[ApiCap], frozen: &[&str]) -> BTreeMap<String, State> {
    if listed.is_empty() {
        return frozen
            .iter()
            .map(|id| ((*id).to_owned(), State::Enabled))
            .collect();
    }
    listed.iter().map(|cap| (cap.id.clone(), state(cap))).collect()
}

fn state(cap: &ApiCap) -> State {
    if cap.enabled {
        State::Enabled
    } else {
        State::Disabled(cap.disabled_reason_msg.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cap(id: &str, enabled: bool, reason: &str) -> ApiCap {
        ApiCap {
            id: id.to_owned(),
            enabled,
            disabled_reason_msg: reason.to_owned(),
            ..ApiCap::default()
        }
    }

    #[test]
    fn an_engine_without_lists_has_the_frozen_defaults() {
        let ancient = Capabilities::new(&[], &[], "docker");
        assert!(ancient.has("source.local.followpaths"));
        assert!(!ancient.has("file.base"));
        assert!(ancient.gateway_has("readfile"));
        assert!(!ancient.gateway_has(RETURN));
    }

    #[test]
    fn a_switched_off_feature_is_named_with_the_reason_of_the_engine() {
        let off = [cap(
            "mergeop",
            false,
            "only enabled with containerd image store backend",
        )];
        let engine = Capabilities::new(&[cap(RETURN, true, "")], &off, "docker");
        assert!(!engine.has("mergeop"));
        insta::assert_snapshot!(engine.require("mergeop").unwrap_err(), @r"
        this engine has the feature `mergeop` switched off: only enabled with containerd image store backend
        hint: build with a builder of its own: `docker buildx create --use`
        ");
    }

    #[test]
    fn a_missing_feature_is_named_with_the_release_that_has_it() {
        let listed = [cap("file.base", true, "")];
        let docker = Capabilities::new(&listed, &listed, "docker");
        insta::assert_snapshot!(docker.require("mergeop").unwrap_err(), @r"
        this engine is too old for the feature `mergeop`, which came with BuildKit 0.10
        hint: update Docker Engine to 23.0 or later, or build with a builder of its own: `docker buildx create --use`
        ");
        let buildkit = Capabilities::new(&listed, &listed, "buildkit");
        insta::assert_snapshot!(buildkit.require_gateway(WARNINGS).unwrap_err(), @r"
        this engine is too old for the feature `gateway.warnings`, which came with BuildKit 0.10
        hint: update the engine to BuildKit 0.10 or later
        ");
    }
}
