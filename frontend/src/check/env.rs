//! `env:` and every other environment.

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Field, Map, Spec, Text};

/// The environment of the image.
pub fn env(spec: &Spec, findings: &mut Findings) -> Vec<(Spanned<String>, Spanned<String>)> {
    let entries = entries(&spec.env, findings);
    for (name, value) in &entries {
        findings.0.extend(not_expanded(name, value));
    }
    entries
}

/// Names and values, in the written order.
pub fn entries(map: &Field<Map<Text>>, findings: &mut Findings) -> Vec<(Spanned<String>, Spanned<String>)> {
    let entries = map.entries().iter().map(|(name, value)| {
        let value = Spanned::new(value.value.0.clone(), value.span);
        Ok((valid_name(name)?, value))
    });
    findings.keep_all(entries)
}

/// A name that shells and programs take for an environment variable; dots and dashes are for programs that read them.
///
/// # Errors
/// When it is none.
pub fn valid_name(name: &Spanned<String>) -> Result<Spanned<String>, Diagnostic> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let letters = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if starts && letters {
        return Ok(name.clone());
    }
    let message = format!("`{}` is not a name for an environment variable", name.value);
    Err(Diagnostic::error(code::INVALID_NAME, name.span, message)
        .hint("use letters, digits and `_`, and start with a letter"))
}

/// An image's environment is taken as it stands: no shell reads it. A `${…}` here was written `$${…}` and is meant so.
fn not_expanded(name: &Spanned<String>, value: &Spanned<String>) -> Option<Diagnostic> {
    let (_, rest) = value.value.split_once('$')?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let variable = &rest[..end.unwrap_or(rest.len())];
    if !variable.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let message = format!("`${variable}` in `{}` is not expanded", name.value);
    let finding = Diagnostic::warning(code::NOT_EXPANDED, value.span, message)
        .label("the image gets these very characters")
        .hint("write the whole value; `${NAME}` takes the value of an arg");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_variable_has_a_name() {
        check_diagnostics(
            r#"
              env: { "MY VAR": x, 1A: y }
            #        ^^^^^^^^ error[invalid-name]: `MY VAR` is not a name for an environment variable
            # = hint: use letters, digits and `_`, and start with a letter
            #                     ^^ error[invalid-name]: `1A` is not a name for an environment variable
            # = hint: use letters, digits and `_`, and start with a letter
        "#,
        );
    }

    #[test]
    fn nothing_expands_a_variable_in_the_environment() {
        check_diagnostics(
            r#"
              env:
                PATH: /opt/bin:$PATH
            #         ^^^^^^^^^^^^^^ warning[not-expanded]: `$PATH` in `PATH` is not expanded
            # = label: the image gets these very characters
            # = hint: write the whole value; `${NAME}` takes the value of an arg
                PRICE: $5
        "#,
        );
    }
}
