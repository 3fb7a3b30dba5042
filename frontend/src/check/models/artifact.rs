//! `oci:`: an artifact in a registry.

use buildkit_llb::ImageReference;

use super::Findings;
use super::listed::listed;
use crate::check::{Artifact, ModelSource, Origin, secrets};
use crate::diagnostic::{Diagnostic, code};
use crate::spec::{self, Entry, Text};

/// What a model takes of an artifact.
pub(super) fn artifact(model: &spec::Model, findings: &mut Findings) -> Option<ModelSource> {
    findings.0.extend(super::no_place(model));
    let token = findings.keep(model.token.get().map(secrets::id).transpose());
    let written = model.oci.get()?;
    let (reference, plain) = findings.keep(address(written))?;
    let artifact = Artifact {
        reference,
        plain,
        token: token?,
    };
    Some(listed(model, Origin::Artifact(artifact), written.span, findings))
}

/// `registry/name:tag`, with `http://` before it for a registry without TLS.
fn address(written: &Entry<Text>) -> Result<(ImageReference, bool), Diagnostic> {
    let text: &str = written;
    let (name, plain) = match text.split_once("://") {
        Some(("http", name)) => (name, true),
        Some(("oci" | "https", name)) => (name, false),
        _ => (text, false),
    };
    let reference = ImageReference::parse(name).map_err(|error| {
        let message = format!("`{text}` is not an artifact: it {}", error.reason);
        Diagnostic::error(code::INVALID_IMAGE, written.span, message)
            .hint("write `oci: REGISTRY/NAME:TAG`, or with a digest: `REGISTRY/NAME@sha256:…`")
    })?;
    Ok((reference, plain))
}
