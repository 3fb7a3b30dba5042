use super::{Attributes, ImageReference};
use crate::capability::Capability;
use crate::digest;
use crate::error::{Fault, Problem};
use crate::meta::Meta;
use crate::output::Output;
use crate::vertex::Draft;

/// An image from a registry (buildkit `client/llb/source.go: Image`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// The image reference; it is normalised as Docker does, so `debian` is `docker.io/library/debian:latest`.
    pub reference: String,
    /// Where the daemon looks first.
    pub resolve_mode: ResolveMode,
    /// The digest that the reference must resolve to.
    pub checksum: Option<String>,
    /// How many layers to take, from the bottom; all by default.
    pub layer_limit: Option<u32>,
    /// What the image is to the daemon's disk usage: `internal` or `frontend`.
    pub record_type: Option<String>,
}

/// Where the daemon looks for an image first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResolveMode {
    /// As the daemon likes.
    #[default]
    Default,
    /// In the registry, always.
    Pull,
    /// In the local store.
    Local,
}

impl Image {
    /// The root file system of the image, of the platform in `meta`.
    pub fn output(self, meta: Meta) -> Output {
        Output::of(self.draft(), meta)
    }

    fn draft(self) -> Result<Draft, Fault> {
        let reference = ImageReference::parse(&self.reference)?;
        if let Some(checksum) = self
            .checksum
            .as_ref()
            .filter(|checksum| !digest::is_sha256(checksum))
        {
            return Err(Problem::Checksum(checksum.clone()).into());
        }
        let mut attributes = Attributes::new(Capability::SOURCE_IMAGE);
        self.resolve_mode.set(&mut attributes);
        attributes.set("image.recordtype", self.record_type);
        let limit = self.layer_limit.map(|limit| limit.to_string());
        attributes.set_with(Capability::SOURCE_IMAGE_LAYER_LIMIT, "image.layerlimit", limit);
        attributes.set_with(Capability::SOURCE_IMAGE_CHECKSUM, "image.checksum", self.checksum);
        Ok(attributes.draft(format!("docker-image://{reference}"), true))
    }
}

impl ResolveMode {
    /// Only `pull` needs the capability: the others are wishes.
    fn set(self, attributes: &mut Attributes) {
        const KEY: &str = "image.resolvemode";
        match self {
            Self::Default => {}
            Self::Pull => attributes.set_with(Capability::SOURCE_IMAGE_RESOLVE_MODE, KEY, Some("pull")),
            Self::Local => attributes.set(KEY, Some("local")),
        }
    }
}
