//! The config and the digest behind an image reference.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bollard_buildkit_proto::moby::buildkit::v1::frontend::{
    ResolveImageConfigRequest, ResolveImageConfigResponse, ResolveSourceImageRequest,
    ResolveSourceMetaRequest, ResolveSourceMetaResponse,
};
use bollard_buildkit_proto::pb;
use buildkit_llb::{Platform, ResolveMode};
use tokio::sync::OnceCell;

use super::Gateway;
use super::capability::SOURCE_META;
use super::error::{ErrorKind, GatewayError};

/// Where images of registries live (buildkit source/types).
const IMAGE_SCHEME: &str = "docker-image://";
/// Where images of a client's OCI layout live.
const LAYOUT_SCHEME: &str = "oci-layout://";
/// `ResolverTypeOCILayout` of buildkit client/llb/sourceresolver/types.go; a registry is 0.
const RESOLVER_OCI_LAYOUT: i32 = 1;

/// An image to look up.
#[derive(Debug, Clone, Default)]
pub struct ImageRequest {
    /// The normalised reference, `docker.io/library/debian:12`.
    pub reference: String,
    /// Which image of an index; the engine's own platform where there is none.
    pub platform: Option<Platform>,
    /// Whether the registry is asked (option `image-resolve-mode`).
    pub mode: ResolveMode,
    /// The line of progress, `[internal] load metadata for REF`.
    pub log_name: String,
    /// The client's OCI layout that has the image; a registry has it where there is none.
    pub store: Option<ImageStore>,
}

/// A content store on the client's side, as `--build-context NAME=oci-layout://…` offers it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageStore {
    /// The session of the client.
    pub session: String,
    /// The name of the store in that session.
    pub id: String,
}

/// What an image reference stands for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedImage {
    /// The reference to use: a source policy may have changed it.
    pub reference: String,
    /// The digest of the manifest or index; may be empty with an engine that keeps images without one.
    pub digest: String,
    /// The image config, JSON as it is in the registry.
    pub config: Vec<u8>,
}

impl ResolvedImage {
    /// Its digest, where the engine told one.
    pub fn digest(&self) -> Option<String> {
        (!self.digest.is_empty()).then(|| self.digest.clone())
    }

    /// The reference with its digest, so that the build cannot see another image than the plan did.
    pub fn pinned(&self) -> String {
        let bare = self
            .reference
            .split_once('@')
            .map_or(self.reference.as_str(), |(name, _)| name);
        if self.digest.is_empty() {
            self.reference.clone()
        } else {
            format!("{bare}@{}", self.digest)
        }
    }
}

/// What has been looked up, by everything that the answer depends on: one image is asked for once.
#[derive(Debug, Default)]
pub(super) struct Images {
    known: Mutex<BTreeMap<Key, Arc<OnceCell<ResolvedImage>>>>,
}

type Key = (String, Option<String>, &'static str, Option<ImageStore>);

impl Images {
    fn cell(&self, request: &ImageRequest) -> Arc<OnceCell<ResolvedImage>> {
        let key = (
            request.reference.clone(),
            request.platform.as_ref().map(ToString::to_string),
            mode_name(request.mode),
            request.store.clone(),
        );
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_default())
    }
}

impl Gateway {
    /// Looks an image up: its config, its digest, and the reference that a source policy made of it.
    ///
    /// Asked once for each reference, platform, mode and store. [`ErrorKind::Redirected`] where a policy made it
    /// something else than an image.
    pub async fn resolve_image(&self, request: &ImageRequest) -> Result<ResolvedImage, GatewayError> {
        let cell = self.shared.images.cell(request);
        let resolved = cell.get_or_try_init(|| self.look_up(request)).await?;
        Ok(resolved.clone())
    }

    async fn look_up(&self, request: &ImageRequest) -> Result<ResolvedImage, GatewayError> {
        if self.capabilities().gateway_has(SOURCE_META) {
            let answer = self
                .connection()
                .call("ResolveSourceMeta", request.source_meta())
                .await?;
            request.resolved(answer)
        } else {
            let answer: ResolveImageConfigResponse = self
                .connection()
                .call("ResolveImageConfig", request.image_config())
                .await?;
            Ok(request.configured(answer))
        }
    }
}

impl ImageRequest {
    fn source_meta(&self) -> ResolveSourceMetaRequest {
        let scheme = if self.store.is_some() {
            LAYOUT_SCHEME
        } else {
            IMAGE_SCHEME
        };
        let source = pb::SourceOp {
            identifier: format!("{scheme}{}", self.reference),
            attrs: self.store.iter().flat_map(ImageStore::attributes).collect(),
        };
        ResolveSourceMetaRequest {
            source: Some(source),
            platform: self.platform.clone().map(Into::into),
            log_name: self.log_name.clone(),
            resolve_mode: mode_name(self.mode).to_owned(),
            image: Some(ResolveSourceImageRequest::default()),
            ..ResolveSourceMetaRequest::default()
        }
    }

    fn image_config(&self) -> ResolveImageConfigRequest {
        let store = self.store.clone().unwrap_or_default();
        ResolveImageConfigRequest {
            r#ref: self.reference.clone(),
            platform: self.platform.clone().map(Into::into),
            resolve_mode: mode_name(self.mode).to_owned(),
            log_name: self.log_name.clone(),
            resolver_type: self.store.as_ref().map_or(0, |_| RESOLVER_OCI_LAYOUT),
            session_id: store.session,
            store_id: store.id,
            ..ResolveImageConfigRequest::default()
        }
    }

    fn resolved(&self, answer: ResolveSourceMetaResponse) -> Result<ResolvedImage, GatewayError> {
        let identifier = answer.source.map(|source| source.identifier).unwrap_or_default();
        let reference = [IMAGE_SCHEME, LAYOUT_SCHEME]
            .iter()
            .find_map(|scheme| identifier.strip_prefix(scheme));
        match (answer.image, reference) {
            (Some(image), Some(reference)) => Ok(ResolvedImage {
                reference: reference.to_owned(),
                digest: image.digest,
                config: image.config,
            }),
            _ => Err(self.redirected(identifier)),
        }
    }

    /// Engines before BuildKit 0.12 name no reference: it is the one that was asked for.
    fn configured(&self, answer: ResolveImageConfigResponse) -> ResolvedImage {
        let reference = if answer.r#ref.is_empty() {
            self.reference.clone()
        } else {
            answer.r#ref
        };
        ResolvedImage {
            reference,
            digest: answer.digest,
            config: answer.config,
        }
    }

    fn redirected(&self, identifier: String) -> GatewayError {
        let message = format!(
            "`{}` is not an image: a source policy of this build made it `{identifier}`",
            self.reference
        );
        GatewayError::new(ErrorKind::Redirected(identifier), message)
    }
}

/// The mode as the engine spells it (buildkit solver/pb/attr.go).
fn mode_name(mode: ResolveMode) -> &'static str {
    match mode {
        ResolveMode::Default => "default",
        ResolveMode::Pull => "pull",
        ResolveMode::Local => "local",
    }
}

impl ImageStore {
    /// The attributes of an OCI layout source (buildkit solver/pb/attr.go).
    fn attributes(&self) -> [(String, String); 2] {
        [
            ("oci.session".to_owned(), self.session.clone()),
            ("oci.store".to_owned(), self.id.clone()),
        ]
    }
}
