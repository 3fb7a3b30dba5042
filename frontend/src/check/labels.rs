//! `labels:`

use std::collections::BTreeMap;

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, closest, code, listed};
use crate::source::Spanned;
use crate::spec::{Entry, Field, Spec, Text};

/// Where the annotations of the OCI image spec live (`annotations.md`).
const OCI: &str = "org.opencontainers.image.";
/// The names in it that can be written short.
const SHORT: [&str; 13] = [
    "title",
    "description",
    "vendor",
    "licenses",
    "source",
    "documentation",
    "url",
    "authors",
    "version",
    "revision",
    "created",
    "usage",
    "ref.name",
];
/// What Docker Hub and other tools call them.
const OTHER_NAMES: [(&str, &str); 7] = [
    ("maintainer", "authors"),
    ("author", "authors"),
    ("license", "licenses"),
    ("name", "title"),
    ("summary", "description"),
    ("docs", "documentation"),
    ("homepage", "url"),
];

/// Labels by their full names. A known label with an empty value is left out, so that `${VERSION}` may be empty.
pub fn labels(spec: &Spec, findings: &mut Findings) -> BTreeMap<String, Spanned<String>> {
    let mut labels: BTreeMap<String, Spanned<String>> = BTreeMap::new();
    let mut places: BTreeMap<String, Spanned<String>> = BTreeMap::new();
    for (name, value) in spec.labels.entries() {
        let Some(full) = findings.keep(full_name(name)) else {
            continue;
        };
        if let Some(first) = places.insert(full.clone(), name.clone()) {
            findings.push(twice(&full, &first, name));
        }
        labels.insert(full, Spanned::new(value.value.0.clone(), value.span));
    }
    fill(&mut labels, "title", &spec.name);
    fill(&mut labels, "description", &spec.description);
    labels.retain(|name, value| !value.is_empty() || !name.starts_with(OCI));
    labels
}

fn full_name(name: &Spanned<String>) -> Result<String, Diagnostic> {
    let text = name.value.as_str();
    if SHORT.contains(&text) {
        return Ok(format!("{OCI}{text}"));
    }
    if text.contains('.') && !text.contains(char::is_whitespace) {
        return Ok(text.to_string());
    }
    let message = format!("`{text}` is not a known label");
    let finding = Diagnostic::error(code::UNKNOWN_LABEL, name.span, message);
    let other = OTHER_NAMES
        .iter()
        .find(|(other, _)| *other == text)
        .map(|(_, ours)| *ours);
    let near = other.or_else(|| closest(text, SHORT));
    Err(match near {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding
            .hint(format!("the known ones are {}", listed(&SHORT)))
            .hint(format!(
                "a label of your own has a dot in its name, such as `com.example.{}`",
                text.replace(' ', "-")
            )),
    })
}

fn twice(full: &str, first: &Spanned<String>, second: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "`{}` and `{}` are the same label, `{full}`",
        first.value, second.value
    );
    Diagnostic::error(code::DUPLICATE_VALUE, second.span, message)
        .related(first.span, "first given here")
        .hint("keep one of them")
}

fn fill(labels: &mut BTreeMap<String, Spanned<String>>, short: &str, field: &Field<Text>) {
    let value = field
        .get()
        .map(|Entry { value, span, .. }| Spanned::new(value.0.clone(), *span));
    if let Some(value) = value {
        labels.entry(format!("{OCI}{short}")).or_insert(value);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_label_is_known_or_complete() {
        check_diagnostics(
            r#"
              labels: { license: MIT, titel: x, team: ml, com.example.team: ml }
            #           ^^^^^^^ error[unknown-label]: `license` is not a known label
            # = hint: did you mean `licenses`?
            #                         ^^^^^ error[unknown-label]: `titel` is not a known label
            # = hint: did you mean `title`?
            #                                   ^^^^ error[unknown-label]: `team` is not a known label
            # = hint: the known ones are `title`, `description`, `vendor`, `licenses`, `source`, `documentation`, `url`, `authors`, `version`, `revision`, `created`, `usage` and `ref.name`
            # = hint: a label of your own has a dot in its name, such as `com.example.team`
        "#,
        );
    }

    #[test]
    fn a_label_is_given_once() {
        check_diagnostics(
            r#"
              labels: { title: a, org.opencontainers.image.title: b }
            #                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[duplicate-value]: `title` and `org.opencontainers.image.title` are the same label, `org.opencontainers.image.title`
            # = hint: keep one of them
            #           ----- first given here
        "#,
        );
    }
}
