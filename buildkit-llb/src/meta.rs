use std::collections::{BTreeMap, BTreeSet};

use crate::capability::Capability;
use crate::pb;
use crate::platform::Platform;
use crate::source_map::Location;

/// The description key of a vertex's name (buildkit `solver/llbsolver/vertex.go: vertex.Name`).
pub(crate) const CUSTOM_NAME: &str = "llb.customname";

/// What is said about a vertex beside its op. Nothing of it, the platform apart, is part of the op's bytes, so
/// nothing of it changes a digest or a cache key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// The name that the progress display shows.
    pub name: Option<String>,
    /// Further texts, by key, that the daemon passes on.
    pub description: BTreeMap<String, String>,
    /// Run the vertex even if its result is known. On an exec this also empties the cache mounts it uses
    /// (buildkit `solver/llbsolver/bridge.go`).
    pub ignore_cache: bool,
    /// Whether `--cache-to` takes the result along; `None` leaves it to the build.
    pub export_cache: Option<bool>,
    /// The vertices that are shown as one line.
    pub progress_group: Option<ProgressGroup>,
    /// The places that the vertex comes from.
    pub locations: Vec<Location>,
    /// The platform of an exec, an image or an OCI layout. Every other op is the same on all platforms, drops this,
    /// and so is done once for all of them (buildkit `client/llb/source.go: platformSpecificSource`, `fileop.go`,
    /// `merge.go`, `diff.go`).
    pub platform: Option<Platform>,
}

/// Vertices that are shown as one line (buildkit `solver/pb/ops.proto: ProgressGroup`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgressGroup {
    /// What the members share.
    pub id: String,
    /// The line's text.
    pub name: String,
    /// A group of weak members only is hidden until another member starts.
    pub weak: bool,
}

impl Meta {
    /// The metadata message of a vertex with these capabilities.
    pub(crate) fn to_pb(&self, capabilities: &BTreeSet<Capability>) -> pb::OpMetadata {
        pb::OpMetadata {
            ignore_cache: self.ignore_cache,
            description: self.descriptions(),
            export_cache: self.export_cache.map(|value| pb::ExportCache { value }),
            caps: capability_map(capabilities),
            progress_group: self.progress_group.clone().map(Into::into),
        }
    }

    fn descriptions(&self) -> BTreeMap<String, String> {
        let name = self
            .name
            .iter()
            .map(|name| (CUSTOM_NAME.to_owned(), name.clone()));
        self.description.clone().into_iter().chain(name).collect()
    }
}

impl From<ProgressGroup> for pb::ProgressGroup {
    fn from(group: ProgressGroup) -> Self {
        Self {
            id: group.id,
            name: group.name,
            weak: group.weak,
        }
    }
}

/// The capabilities as the metadata message has them.
pub(crate) fn capability_map(capabilities: &BTreeSet<Capability>) -> BTreeMap<String, bool> {
    capabilities
        .iter()
        .map(|capability| (capability.id().to_owned(), true))
        .collect()
}

/// Adds what is said of the same op elsewhere in the graph (buildkit `client/llb/state.go: mergeMetadata`).
pub(crate) fn absorb(known: &mut pb::OpMetadata, other: &pb::OpMetadata) {
    known.ignore_cache |= other.ignore_cache;
    known.description.extend(other.description.clone());
    known.caps.extend(other.caps.clone());
    known.export_cache = other.export_cache.or(known.export_cache);
    if other.progress_group.is_some() {
        known.progress_group.clone_from(&other.progress_group);
    }
}
