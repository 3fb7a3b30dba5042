//! `deliver:`, how a model reaches the container.

use crate::check::findings::Findings;
use crate::check::preflight::startable;
use crate::diagnostic::{Diagnostic, code};
use crate::spec::{self, Deliver, Spec};

/// What is written; in the image when nothing is.
pub(super) fn deliver(spec: &Spec, model: &spec::Model, findings: &mut Findings) -> Deliver {
    let Some(deliver) = model.deliver.get() else {
        return Deliver::Bake;
    };
    if deliver.value == Deliver::Fetch {
        startable(spec, "deliver: fetch", deliver.span, findings);
        if let Some(image) = model.image.key() {
            let message = "a model from an image cannot be fetched when the container starts";
            findings.push(
                Diagnostic::error(code::CONFLICT, deliver.span, message)
                    .related(image, "its files are layers of an image")
                    .hint(
                        "leave `deliver` out: a push to the registry that has the image moves none of them",
                    ),
            );
        }
    }
    deliver.value
}
