//! `entrypoint:` and `cmd:`

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Field, List, Text};

/// A program and its arguments; an empty list takes away what the base has.
pub fn command(
    field: &Field<List<Text>>,
    key: &str,
    findings: &mut Findings,
) -> Option<Spanned<Vec<String>>> {
    let list = field.get()?;
    findings.0.extend(a_line(list, key));
    let words = list.value.0.iter().map(|word| word.value.0.clone()).collect();
    Some(Spanned::new(words, list.span))
}

/// A text with spaces instead of a list: a shell would have to split it, and an image has none to do so.
fn a_line(list: &Entry<List<Text>>, key: &str) -> Option<Diagnostic> {
    let [word] = list.value.0.as_slice() else {
        return None;
    };
    let is_scalar = word.span == list.span;
    if !is_scalar || !word.value.trim().contains(char::is_whitespace) {
        return None;
    }
    let words: Vec<&str> = word.value.split_whitespace().collect();
    let message = format!("`{key}` is a list of words, this is a line");
    Some(
        Diagnostic::error(code::INVALID_COMMAND, word.span, message)
            .hint(format!("write `{key}: [{}]`", words.join(", ")))
            .hint(format!("or `{key}: [sh, -c, \"…\"]` where it needs a shell")),
    )
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_line_is_not_a_list_of_words() {
        check_diagnostics(
            r#"
              entrypoint: python -m app
            #             ^^^^^^^^^^^^^ error[invalid-command]: `entrypoint` is a list of words, this is a line
            # = hint: write `entrypoint: [python, -m, app]`
            # = hint: or `entrypoint: [sh, -c, "…"]` where it needs a shell
              cmd: --port 8000
            #      ^^^^^^^^^^^ error[invalid-command]: `cmd` is a list of words, this is a line
            # = hint: write `cmd: [--port, 8000]`
            # = hint: or `cmd: [sh, -c, "…"]` where it needs a shell
        "#,
        );
    }

    #[test]
    fn one_word_needs_no_list() {
        check_diagnostics(
            r#"
              entrypoint: app
              cmd: ["--name=a b"]
        "#,
        );
    }
}
