//! `path:` alone: files of the context.

use super::Findings;
use super::listed::listed;
use crate::check::{ModelSource, Origin, path};
use crate::spec;

/// What a model takes of the context.
pub(super) fn folder(model: &spec::Model, findings: &mut Findings) -> Option<ModelSource> {
    findings
        .0
        .extend(super::no_token(model, "files of the context need no secret"));
    let written = model.path.get()?;
    let path = findings.keep(path::in_context(written))?;
    Some(listed(model, Origin::Context(path.value), written.span, findings))
}
