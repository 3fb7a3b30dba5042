//! What is said of a name that nothing defines.

use super::Scope;
use crate::diagnostic::{Diagnostic, closest, code, did_you_mean, listed};
use crate::source::Span;
use crate::spec::interpolate::Place;

/// The finding about a `${models.…}` that nothing defines.
fn no_model(name: &str, span: Span, scope: &Scope) -> Diagnostic {
    if !scope.has_models {
        let message = format!("`${{{name}}}` is not known here");
        return Diagnostic::error(code::UNDEFINED_NAME, span, message)
            .hint("args and models are read first; use it in `env`, `entrypoint`, `cmd`, `healthcheck`, `labels` or `run`");
    }
    let message = format!("nothing defines `${{{name}}}`");
    let finding = Diagnostic::error(code::UNDEFINED_NAME, span, message);
    let known: Vec<&str> = scope.models().collect();
    if known.is_empty() {
        return finding.hint("the spec has no models: add `models: { NAME: { url: …, sha256: … } }`");
    }
    match closest(name, known.iter().copied()) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("the names are {}", listed(&known))),
    }
}

/// The finding about a `${NAME}` that nothing defines.
pub fn undefined(name: &str, span: Span, scope: &Scope, place: Place) -> Diagnostic {
    if name == "models" || name.starts_with("models.") {
        return no_model(name, span, scope);
    }
    let message = format!("nothing defines `${{{name}}}`");
    let finding = Diagnostic::error(code::UNDEFINED_NAME, span, message);
    let names: Vec<&str> = scope.args().collect();
    let near = closest(name, names.iter().copied()).and_then(|_| did_you_mean(name, &names));
    match (near, place) {
        (Some(near), Place::Shell) => finding.hint(near).hint(format!(
            "a variable of the shell is written `$${{{name}}}` or `${name}`"
        )),
        (None, Place::Shell) => finding.hint(format!(
            "a variable of the shell is written `$${{{name}}}` or `${name}`; an arg is declared under `args:`"
        )),
        (Some(near), _) => finding.hint(near),
        (None, _) => finding.hint(format!(
            "declare it: `args: {{ {name}: default }}`; or write `$${{{name}}}` for the text itself"
        )),
    }
}
