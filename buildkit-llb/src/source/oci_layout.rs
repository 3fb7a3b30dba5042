use super::Attributes;
use crate::capability::Capability;
use crate::error::{Fault, Problem};
use crate::meta::Meta;
use crate::output::Output;
use crate::vertex::Draft;

/// An image of an OCI layout that the client has (buildkit `client/llb/source.go: OCILayout`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OciLayout {
    /// The image: a name and `@sha256:…`.
    pub reference: String,
    /// The session of the client that has the layout.
    pub session: Option<String>,
    /// The client's name of the layout.
    pub store: Option<String>,
    /// How many layers to take, from the bottom; all by default.
    pub layer_limit: Option<u32>,
}

impl OciLayout {
    /// The root file system of the image, of the platform in `meta`.
    pub fn output(self, meta: Meta) -> Output {
        Output::of(self.draft(), meta)
    }

    fn draft(self) -> Result<Draft, Fault> {
        if self.reference.is_empty() {
            return Err(Problem::Unnamed("the reference of an OCI layout").into());
        }
        let mut attributes = Attributes::new(Capability::SOURCE_OCI_LAYOUT);
        attributes.set("oci.session", self.session);
        attributes.set("oci.store", self.store);
        attributes.set("oci.layerlimit", self.layer_limit.map(|limit| limit.to_string()));
        Ok(attributes.draft(format!("oci-layout://{}", self.reference), true))
    }
}
