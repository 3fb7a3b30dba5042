//! `name:`, and the names of targets.

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code, did_you_mean};
use crate::source::{Span, Spanned};
use crate::spec::{Document, Request, Spec};

/// The name of the image.
pub fn name(spec: &Spec, findings: &mut Findings) -> Option<Spanned<String>> {
    let entry = spec.name.get()?;
    let text: &str = &entry.value;
    let letters = text
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '/'));
    let edges = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !letters || !text.starts_with(edges) || !text.ends_with(edges) {
        let message = format!("`{text}` is not a name for an image");
        let better = text.to_lowercase().replace(|c: char| !edges(c), "-");
        let better = better.trim_matches('-');
        let finding = Diagnostic::error(code::INVALID_NAME, entry.span, message);
        findings.push(match better.is_empty() {
            true => finding.hint("use lower-case letters, digits, `.`, `_` and `-`"),
            false => finding.hint(format!(
                "write `{better}`; a title for people goes under `labels: {{ title: … }}`"
            )),
        });
    }
    Some(Spanned::new(text.to_string(), entry.span))
}

/// Names of targets are ones that `--target` takes for any frontend (buildkit `frontend/dockerfile/instructions/parse.go`).
pub fn target_names(document: &Document, findings: &mut Findings) {
    for pair in document
        .root
        .get("targets")
        .map_or(&[][..], |targets| targets.pairs())
    {
        let name = pair.key.value.as_str();
        let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
        let letters = name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-'));
        if !starts || !letters {
            let message = format!("`{name}` is not a name for a target");
            findings.push(
                Diagnostic::error(code::INVALID_NAME, pair.key.span, message)
                    .hint("use lower-case letters, digits, `.`, `_` and `-`, and start with a letter"),
            );
        }
    }
}

/// The target that was asked for, when the spec does not have it.
pub fn unknown_target(document: &Document, request: &Request, findings: &mut Findings) {
    let asked = request.target.unwrap_or_default();
    let targets = document.root.pair("targets");
    let names: Vec<&str> = targets
        .map_or(&[][..], |targets| targets.value.pairs())
        .iter()
        .map(|pair| pair.key.value.as_str())
        .collect();
    if asked.is_empty() || names.contains(&asked) {
        return;
    }
    let span = targets.map_or(Span::default(), |targets| targets.key.span);
    let message = format!("there is no target `{asked}`");
    let mut finding = Diagnostic::error(code::UNKNOWN_TARGET, span, message);
    match names.is_empty() {
        true => finding
            .hints
            .push("this spec has no `targets`: build without `--target`".to_string()),
        false => finding.hints.extend(did_you_mean(asked, &names)),
    }
    findings.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::{Build, check_diagnostics, check_diagnostics_of};

    #[test]
    fn a_name_is_lower_case() {
        check_diagnostics(
            r#"
              name: My App
            #       ^^^^^^ error[invalid-name]: `My App` is not a name for an image
            # = hint: write `my-app`; a title for people goes under `labels: { title: … }`
        "#,
        );
    }

    #[test]
    fn a_target_has_a_plain_name() {
        check_diagnostics(
            r#"
              targets: { "My Target": {} }
            #            ^^^^^^^^^^^ error[invalid-name]: `My Target` is not a name for a target
            # = hint: use lower-case letters, digits, `.`, `_` and `-`, and start with a letter
        "#,
        );
    }

    #[test]
    fn an_unknown_target_shows_the_near_one() {
        let build = Build {
            target: Some("debgu"),
            ..Build::default()
        };
        check_diagnostics_of(
            r#"
              targets:
            # ^^^^^^^ error[unknown-target]: there is no target `debgu`
            # = hint: did you mean `debug`?
                runtime: {}
                debug: {}
        "#,
            &build,
        );
    }

    #[test]
    fn a_spec_without_targets_says_so() {
        let build = Build {
            target: Some("dev"),
            ..Build::default()
        };
        check_diagnostics_of(
            r#"
              base: debian
            # ^ error[unknown-target]: there is no target `dev`
            # = hint: this spec has no `targets`: build without `--target`
        "#,
            &build,
        );
    }
}
