//! `image:`: the files of an image, as they lie there.

use super::{Findings, only_with_url};
use crate::check::{ModelSource, path, reference};
use crate::diagnostic::{Diagnostic, code};
use crate::spec;

/// The image of a model.
pub(super) fn image(model: &spec::Model, findings: &mut Findings) -> Option<ModelSource> {
    findings.0.extend(only_with_url(model));
    for (key, place) in [("to", model.to.key()), ("token", model.token.key())] {
        let Some(place) = place else { continue };
        let hint = match key {
            "to" => {
                "the files stay where the image has them: say where with `path`, or copy them with `copy: [{ from: … }]`"
            }
            _ => "the engine uses what `docker login` knows of the registry",
        };
        let message = format!("`{key}` does nothing for a model from an image");
        findings.push(Diagnostic::error(code::CONFLICT, place, message).hint(hint));
    }
    if let Some(path) = model.path.get() {
        findings.keep(path::below_root(path, "`path`"));
    }
    findings
        .keep(reference::image(model.image.get()?))
        .map(ModelSource::Image)
}
