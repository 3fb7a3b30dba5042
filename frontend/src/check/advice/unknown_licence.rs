//! Models that nobody says the licence of: whoever passes the image on passes them on too.

use super::Checked;
use crate::check::{Model, ModelSource, Origin};
use crate::diagnostic::{Diagnostic, code, listed};

/// Models of others without `license`. A hub's page says the licence of its models, and files of the context are the user's.
pub(super) fn find(checked: &Checked) -> Vec<Diagnostic> {
    let says_none = |source: &ModelSource| match source {
        ModelSource::Files { .. } | ModelSource::Image(_) => true,
        ModelSource::Listed(listed) => matches!(listed.origin, Origin::Bucket(_) | Origin::Artifact(_)),
    };
    let is_unknown = |model: &&Model| says_none(&model.source) && model.license.is_none();
    let unknown: Vec<&Model> = checked.models.iter().filter(is_unknown).collect();
    let Some(first) = unknown.first() else {
        return Vec::new();
    };
    let names: Vec<&str> = unknown.iter().map(|model| model.name.value.as_str()).collect();
    let message = match names.as_slice() {
        [name] => format!("nobody says under which licence the model `{name}` is given"),
        several => format!(
            "nobody says under which licences these models are given: {}",
            listed(several)
        ),
    };
    vec![
        Diagnostic::warning(code::UNKNOWN_LICENCE, first.name.span, message)
            .hint("write it beside the address: `license: apache-2.0`"),
    ]
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_model_without_a_licence_is_a_warning() {
        check_diagnostics(
            r#"
              models:
                small: { image: "example/small:1" }
            #   ^^^^^ warning[unknown-licence]: nobody says under which licences these models are given: `small` and `large`
            # = hint: write it beside the address: `license: apache-2.0`
                known: { image: "example/known:1", license: mit }
                hub: { hf: org/name }
                large: { image: "example/large:1" }
        "#,
        );
    }
}
