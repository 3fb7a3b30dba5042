//! What the frontend returns: a filesystem and an image config for each platform, or the answer to a subrequest.

use std::collections::{BTreeMap, BTreeSet};

use bollard_buildkit_proto::moby::buildkit::v1::frontend::{self as proto, result};
use buildkit_llb::Platform;
use serde::{Deserialize, Serialize};

use super::{GatewayError, Ref};

/// Image config, JSON (buildkit exporter/containerimage/exptypes/types.go, as are the next two).
const CONFIG: &str = "containerimage.config";
/// The config of the base image as it was, so that its history keeps its times.
const BASE_CONFIG: &str = "containerimage.base.config";
/// The platforms of the result, JSON.
const PLATFORMS: &str = "refs.platforms";
/// The time of the image in seconds (buildkit exporter/exptypes/keys.go).
const EPOCH: &str = "source.date.epoch";
/// An attestation that makes no index (buildkit solver/result/attestation.go).
const INLINE_ONLY: &str = "inline-only";

/// A result that the exporters take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildResult {
    /// One for each platform; none for the answer to a subrequest.
    pub platforms: Vec<PlatformResult>,
    /// Whether the result is an index even with one platform.
    pub multi_platform: bool,
    /// Further metadata, key for key: `annotation.*`, `frontend.*`, the `result.*` of a subrequest.
    pub metadata: BTreeMap<String, Vec<u8>>,
}

/// The image for one platform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlatformResult {
    /// What the user asked for, or where the engine runs.
    pub platform: Platform,
    /// The files; [`Ref::scratch`] for none.
    pub filesystem: Ref,
    /// The image config, JSON with at least `os` and `architecture`.
    pub config: Vec<u8>,
    /// The config of the base image as the registry has it.
    pub base_config: Option<Vec<u8>>,
    /// The time of the image in seconds, where the spec and not a build argument gave it.
    pub epoch: Option<i64>,
    /// What is said of it besides, in the order of its manifest.
    pub attestations: Vec<Attestation>,
}

/// A statement on the image of a platform. It goes with an index that is made anyway, and never makes one of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// What it is, a URI.
    pub predicate_type: String,
    /// Where the predicate lies, JSON.
    pub filesystem: Ref,
    /// The file in it. Its name is unlike those of the others.
    pub path: String,
}

/// `exptypes.Platforms`.
#[derive(Serialize)]
struct ExportedPlatforms {
    #[serde(rename = "Platforms")]
    platforms: Vec<ExportedPlatform>,
}

#[derive(Serialize)]
struct ExportedPlatform {
    #[serde(rename = "ID")]
    id: String,
    #[serde(rename = "Platform")]
    platform: OciPlatform,
}

/// A platform as image configs and indexes write it (OCI image-spec `descriptor.md`).
#[derive(Serialize)]
struct OciPlatform {
    architecture: String,
    os: String,
    #[serde(rename = "os.version", skip_serializing_if = "String::is_empty")]
    os_version: String,
    #[serde(rename = "os.features", skip_serializing_if = "Vec::is_empty")]
    os_features: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    variant: String,
}

/// What the exporters insist on (buildkit exporter/containerimage/writer.go).
#[derive(Deserialize)]
struct RequiredConfig {
    os: String,
    architecture: String,
}

impl BuildResult {
    /// The answer to a subrequest: metadata and no files.
    pub fn answer(metadata: BTreeMap<String, Vec<u8>>) -> Self {
        Self {
            metadata,
            ..Self::default()
        }
    }

    /// The message of `Return`.
    ///
    /// Fails on what every exporter would refuse: a config without platform, a platform twice, several without an index.
    pub(super) fn into_pb(self) -> Result<proto::Result, GatewayError> {
        if self.platforms.len() > 1 && !self.multi_platform {
            return Err(GatewayError::invalid(
                "several platforms make an index, and this build asked for none",
            ));
        }
        let exported = exported_platforms(&self.platforms)?;
        let shared_epoch = shared_epoch(&self.platforms);
        let mut result = PbResult::new(self.metadata, self.multi_platform);
        for (platform, exported) in self.platforms.into_iter().zip(&exported) {
            result.add(&exported.id, platform)?;
        }
        if let Some(epoch) = shared_epoch {
            result
                .metadata
                .insert(EPOCH.to_owned(), epoch.to_string().into_bytes());
        }
        if !exported.is_empty() {
            result
                .metadata
                .insert(PLATFORMS.to_owned(), platforms_json(exported)?);
        }
        Ok(result.finish())
    }
}

/// The message while it grows.
struct PbResult {
    metadata: BTreeMap<String, Vec<u8>>,
    refs: BTreeMap<String, proto::Ref>,
    attestations: BTreeMap<String, proto::Attestations>,
    multi_platform: bool,
}

impl PbResult {
    fn new(metadata: BTreeMap<String, Vec<u8>>, multi_platform: bool) -> Self {
        Self {
            metadata,
            refs: BTreeMap::new(),
            attestations: BTreeMap::new(),
            multi_platform,
        }
    }

    fn add(&mut self, id: &str, platform: PlatformResult) -> Result<(), GatewayError> {
        check_config(id, &platform.config)?;
        let epoch = platform.epoch.map(|epoch| epoch.to_string().into_bytes());
        self.set(CONFIG, id, Some(platform.config));
        self.set(BASE_CONFIG, id, platform.base_config);
        self.set(EPOCH, id, epoch);
        self.refs.insert(id.to_owned(), pb_ref(platform.filesystem));
        if !platform.attestations.is_empty() {
            let attestation = platform.attestations.into_iter().map(pb_attestation).collect();
            self.attestations
                .insert(id.to_owned(), proto::Attestations { attestation });
        }
        Ok(())
    }

    fn set(&mut self, key: &str, id: &str, value: Option<Vec<u8>>) {
        let Some(value) = value else { return };
        let key = if self.multi_platform {
            format!("{key}/{id}")
        } else {
            key.to_owned()
        };
        self.metadata.insert(key, value);
    }

    fn finish(self) -> proto::Result {
        let refs = if self.multi_platform && !self.refs.is_empty() {
            result::Result::Refs(proto::RefMap {
                refs: self.refs.into_iter().collect(),
            })
        } else {
            result::Result::Ref(self.refs.into_values().next().unwrap_or_default())
        };
        proto::Result {
            metadata: self.metadata.into_iter().collect(),
            attestations: self.attestations.into_iter().collect(),
            result: Some(refs),
        }
    }
}

fn pb_ref(filesystem: Ref) -> proto::Ref {
    proto::Ref {
        id: filesystem.id,
        def: None,
    }
}

/// The subject is left out: the exporter fills in the image.
fn pb_attestation(attestation: Attestation) -> proto::Attestation {
    proto::Attestation {
        kind: proto::AttestationKind::InToto.into(),
        metadata: std::iter::once((INLINE_ONLY.to_owned(), b"true".to_vec())).collect(),
        r#ref: Some(pb_ref(attestation.filesystem)),
        path: attestation.path,
        in_toto_predicate_type: attestation.predicate_type,
        in_toto_subjects: Vec::new(),
    }
}

fn exported_platforms(platforms: &[PlatformResult]) -> Result<Vec<ExportedPlatform>, GatewayError> {
    let mut seen = BTreeSet::new();
    platforms
        .iter()
        .map(|result| {
            let platform = result.platform.clone().normalized();
            let id = platform.to_string();
            if !seen.insert(id.clone()) {
                return Err(GatewayError::invalid(format!("platform `{id}` is built twice")));
            }
            Ok(ExportedPlatform {
                id,
                platform: platform.into(),
            })
        })
        .collect()
}

fn platforms_json(platforms: Vec<ExportedPlatform>) -> Result<Vec<u8>, GatewayError> {
    serde_json::to_vec(&ExportedPlatforms { platforms })
        .map_err(|cause| GatewayError::invalid(format!("the platforms cannot be written as JSON: {cause}")))
}

fn check_config(id: &str, config: &[u8]) -> Result<(), GatewayError> {
    let required: RequiredConfig = serde_json::from_slice(config).map_err(|cause| {
        GatewayError::invalid(format!("the image config for `{id}` is not usable: {cause}"))
    })?;
    if required.os.is_empty() || required.architecture.is_empty() {
        return Err(GatewayError::invalid(format!(
            "the image config for `{id}` names no platform"
        )));
    }
    Ok(())
}

/// The exporters of BuildKit before 0.29 read only the key without platform, so the time that all platforms share goes
/// there as well (buildkit exporter/util/epoch/parse.go at v0.25.2).
fn shared_epoch(platforms: &[PlatformResult]) -> Option<i64> {
    let first = platforms.first()?.epoch?;
    platforms
        .iter()
        .all(|platform| platform.epoch == Some(first))
        .then_some(first)
}

impl From<Platform> for OciPlatform {
    fn from(platform: Platform) -> Self {
        Self {
            architecture: platform.architecture,
            os: platform.os,
            os_version: platform.os_version,
            os_features: platform.os_features,
            variant: platform.variant,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(platform: &str) -> PlatformResult {
        let platform: Platform = platform.parse().unwrap();
        let config = format!(
            r#"{{"os":"{}","architecture":"{}"}}"#,
            platform.os, platform.architecture
        );
        PlatformResult {
            filesystem: Ref {
                id: format!("ref-{platform}"),
            },
            config: config.into_bytes(),
            platform,
            ..PlatformResult::default()
        }
    }

    fn keys(result: &proto::Result) -> Vec<String> {
        let mut keys: Vec<String> = result.metadata.keys().cloned().collect();
        keys.sort();
        keys
    }

    #[test]
    fn one_platform_is_one_ref_with_plain_keys_and_its_platform() {
        let result = BuildResult {
            platforms: vec![image("linux/arm64/v8")],
            ..BuildResult::default()
        };
        let sent = result.into_pb().unwrap();
        assert_eq!(keys(&sent), ["containerimage.config", "refs.platforms"]);
        assert_eq!(
            String::from_utf8_lossy(&sent.metadata["refs.platforms"]),
            r#"{"Platforms":[{"ID":"linux/arm64","Platform":{"architecture":"arm64","os":"linux"}}]}"#
        );
        assert!(matches!(sent.result, Some(result::Result::Ref(one)) if one.id == "ref-linux/arm64/v8"));
    }

    #[test]
    fn several_platforms_are_a_map_by_platform_id() {
        let mut arm = image("linux/arm/v7");
        arm.base_config = Some(b"{}".to_vec());
        arm.epoch = Some(7);
        let mut amd = image("linux/amd64");
        amd.epoch = Some(7);
        let result = BuildResult {
            platforms: vec![amd, arm],
            multi_platform: true,
            ..BuildResult::default()
        };
        let sent = result.into_pb().unwrap();
        assert_eq!(
            keys(&sent),
            [
                "containerimage.base.config/linux/arm/v7",
                "containerimage.config/linux/amd64",
                "containerimage.config/linux/arm/v7",
                "refs.platforms",
                "source.date.epoch",
                "source.date.epoch/linux/amd64",
                "source.date.epoch/linux/arm/v7",
            ]
        );
        assert!(matches!(sent.result, Some(result::Result::Refs(refs)) if refs.refs.len() == 2));
    }

    #[test]
    fn return_nil_is_metadata_and_an_empty_ref() {
        let answer = BTreeMap::from([("result.txt".to_owned(), b"hello".to_vec())]);
        let sent = BuildResult::answer(answer).into_pb().unwrap();
        assert_eq!(keys(&sent), ["result.txt"]);
        assert!(matches!(sent.result, Some(result::Result::Ref(none)) if none.id.is_empty()));
    }

    #[test]
    fn validate_null_config_and_platforms_are_never_sent() {
        let with_config = |config: &str| BuildResult {
            platforms: vec![PlatformResult {
                config: config.as_bytes().to_vec(),
                ..image("linux/amd64")
            }],
            ..BuildResult::default()
        };
        for config in ["null", "", "{}", r#"{"os":"linux","architecture":""}"#] {
            assert!(with_config(config).into_pb().is_err(), "{config}");
        }
        let twice = BuildResult {
            platforms: vec![image("linux/arm64"), image("linux/arm64/v8")],
            multi_platform: true,
            ..BuildResult::default()
        };
        assert!(twice.into_pb().is_err());
        let loose = BuildResult {
            platforms: vec![image("linux/arm64"), image("linux/amd64")],
            ..BuildResult::default()
        };
        assert!(loose.into_pb().is_err());
    }
}
