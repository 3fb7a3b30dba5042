//! Sources: a description of an image, a directory, a repository or a file comes in, a vertex without inputs goes out.
//! Attributes are those of buildkit `solver/pb/attr.go` (v0.32.2); one without a value is left out, because Go and
//! prost disagree on how an empty map value is written.

mod git;
mod git_remote;
mod http;
mod image;
mod local;
mod oci_layout;
mod reference;

use std::collections::{BTreeMap, BTreeSet};

use crate::capability::Capability;
use crate::pb;
use crate::vertex::{Draft, Inputs};

pub use git::Git;
pub use http::Http;
pub use image::{Image, ResolveMode};
pub use local::{Differ, Local};
pub use oci_layout::OciLayout;
pub use reference::{ImageReference, ReferenceError};

/// The attributes of a source, with the capabilities that they need.
struct Attributes {
    values: BTreeMap<String, String>,
    capabilities: BTreeSet<Capability>,
}

impl Attributes {
    /// No attributes, of a source that needs this capability.
    fn new(source: Capability) -> Self {
        Self {
            values: BTreeMap::new(),
            capabilities: BTreeSet::from([source]),
        }
    }

    /// Sets an attribute, if it has a value.
    fn set(&mut self, key: &str, value: Option<impl Into<String>>) {
        self.need(None, key, value);
    }

    /// Sets an attribute that needs a capability, if it has a value.
    fn set_with(&mut self, capability: Capability, key: &str, value: Option<impl Into<String>>) {
        self.need(Some(capability), key, value);
    }

    /// The source op with this identifier.
    fn draft(self, identifier: String, by_platform: bool) -> Draft {
        let source = pb::SourceOp {
            identifier,
            attrs: self.values,
        };
        let (kind, capabilities) = (pb::op::Op::Source(source), self.capabilities);
        Draft {
            kind,
            inputs: Inputs::default(),
            by_platform,
            capabilities,
        }
    }

    fn need(&mut self, capability: Option<Capability>, key: &str, value: Option<impl Into<String>>) {
        let Some(value) = value.map(Into::into).filter(|value: &String| !value.is_empty()) else {
            return;
        };
        self.values.insert(key.to_owned(), value);
        self.capabilities.extend(capability);
    }
}

/// The value of a switch, which is written only when it is on.
fn switch(on: bool) -> Option<&'static str> {
    on.then_some("true")
}
