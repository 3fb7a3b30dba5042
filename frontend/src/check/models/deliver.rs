//! `deliver:`, how a model reaches the container.

use crate::check::findings::Findings;
use crate::check::preflight::startable;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;
use crate::spec::{self, Deliver, Spec};

/// What is written; in the image when nothing is.
pub(super) fn deliver(spec: &Spec, model: &spec::Model, findings: &mut Findings) -> Deliver {
    let Some(deliver) = model.deliver.get() else {
        return Deliver::Bake;
    };
    if deliver.value == Deliver::Fetch {
        startable(spec, "deliver: fetch", deliver.span, findings);
        findings.0.extend(not_at_start(model, deliver.span));
    }
    deliver.value
}

/// Sources that the image cannot ask when its container starts.
fn not_at_start(model: &spec::Model, span: Span) -> Option<Diagnostic> {
    let in_context = model.path.key().filter(|_| !super::has_source(model));
    let (words, key, place, hint) = [
        (
            "from an image",
            model.image.key(),
            "its files are layers of an image",
            "leave `deliver` out: a push to the registry that has the image moves none of them",
        ),
        (
            "of the build context",
            in_context,
            "its files are known to the build alone",
            "leave `deliver` out, or say `deliver: volume` and mount the files",
        ),
    ]
    .into_iter()
    .find_map(|(words, key, place, hint)| Some((words, key?, place, hint)))?;
    let message = format!("a model {words} cannot be fetched when the container starts");
    let finding = Diagnostic::error(code::CONFLICT, span, message).related(key, place);
    Some(finding.hint(hint))
}
