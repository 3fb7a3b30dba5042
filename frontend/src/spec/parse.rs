//! Text to [`Document`].

use super::node::{Document, Kind, Node};
use super::syntax::syntax;
use super::tree::{Failure, build};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Source, Span};

/// Bytes of a spec; generous, since specs are pages and not books.
const MOST_BYTES: usize = 1 << 20;

/// Reads the YAML text of a spec.
///
/// # Errors
/// When no tree can be made of it: the text is not YAML, empty, or no mapping. Lesser problems are in [`Document::problems`].
pub fn parse(source: &Source) -> Result<Document, Vec<Diagnostic>> {
    if source.text.len() > MOST_BYTES {
        return Err(vec![too_large()]);
    }
    let (root, mut problems) = match build(&source.text) {
        Ok(built) => built,
        Err(Failure::Refused(diagnostic)) => return Err(vec![*diagnostic]),
        Err(Failure::Syntax(error)) => {
            let at = byte_offset(&source.text, error.marker().index());
            return Err(vec![syntax(&source.text, error.info(), at)]);
        }
    };
    match root {
        Some(root) if matches!(root.kind, Kind::Mapping(_)) => Ok(Document { root, problems }),
        Some(root) if !root.is_null() => {
            problems.push(not_a_mapping(&root));
            Err(problems)
        }
        _ => Err(vec![empty()]),
    }
}

fn byte_offset(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character)
        .map_or(text.len(), |(at, _)| at)
}

fn too_large() -> Diagnostic {
    Diagnostic::error(code::TOO_LARGE, Span::new(0, 0), "the spec is larger than 1 MiB")
        .hint("is this the right file? `docker buildx build -f FILE` names the spec")
}

fn empty() -> Diagnostic {
    Diagnostic::error(code::EMPTY_SPEC, Span::new(0, 0), "the spec is empty")
        .hint("the smallest spec is `base: debian:bookworm-slim`; with `python: { version: \"3.12\" }` it gets the uv project beside it")
}

fn not_a_mapping(root: &Node) -> Diagnostic {
    let message = format!(
        "a spec is a mapping of keys to values, this is {}",
        root.kind_name()
    );
    let finding = Diagnostic::error(code::WRONG_TYPE, root.head(), message);
    match root.as_text() {
        Some(text) if text.contains(':') => {
            finding.hint("a space comes after the `:` of a key: `base: debian`")
        }
        _ => finding.hint("start with a key, such as `base: debian:bookworm-slim`"),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_quote_that_is_never_closed_is_pointed_at() {
        check_diagnostics(
            r#"
              name: "x
            #       ^ error[yaml-syntax]: this quote is not closed on its line
            # = hint: add the closing quote
              base: debian
        "#,
        );
    }

    #[test]
    fn a_tab_cannot_indent() {
        check_diagnostics(
            r#"
              cuda:
              	version: 12.8.1
            # ^ error[yaml-syntax]: a tab cannot indent YAML
            # = hint: indent with spaces
        "#,
        );
    }

    #[test]
    fn a_colon_in_bare_text_needs_quotes() {
        check_diagnostics(
            r#"
              description: first: second
            #                   ^ error[yaml-syntax]: a `:` cannot stand here
            # = hint: put text that has `: ` in it in quotes; on its own line a key must line up with its neighbours
        "#,
        );
    }

    #[test]
    fn keys_that_do_not_line_up_are_pointed_at() {
        check_diagnostics(
            r#"
              python:
                version: "3.12"
               uv: 0.13.8
            #  ^ error[yaml-syntax]: this line does not line up with the keys above
            # = hint: keys of one mapping start in the same column
        "#,
        );
    }

    #[test]
    fn a_bare_interpolation_in_a_flow_list_needs_quotes() {
        check_diagnostics(
            r#"
              args: { A: git }
              apt: [${A}]
            #       ^^ error[yaml-syntax]: `${…}` inside `[…]` or `{…}` needs quotes
            # = hint: write `["${NAME}"]`: YAML takes a bare `{` there for the start of a mapping
        "#,
        );
    }

    #[test]
    fn a_list_that_is_not_closed_is_pointed_at() {
        check_diagnostics(
            r#"
              apt: [git, make
            #      ^ error[yaml-syntax]: this `[` is never closed
            # = hint: write `[one, two]`
              name: x
        "#,
        );
    }

    #[test]
    fn a_mapping_that_is_not_closed_is_pointed_at() {
        check_diagnostics(
            r#"
              ports: { http: 80
            #        ^ error[yaml-syntax]: this `{` is never closed
            # = hint: write `{ key: value, other: value }`
        "#,
        );
    }

    #[test]
    fn text_that_starts_with_a_reserved_letter_needs_quotes() {
        check_diagnostics(
            r#"
              name: @app
            #       ^ error[yaml-syntax]: text cannot start with this letter
            # = hint: put it in quotes
        "#,
        );
    }

    #[test]
    fn a_line_without_a_colon_is_pointed_at() {
        check_diagnostics(
            r#"
              base: debian
              apt git
            # ^^^^^^^ error[yaml-syntax]: this line has no `:`
            # = hint: a key and its value are written `key: value`
        "#,
        );
    }

    #[test]
    fn an_alias_without_an_anchor_is_pointed_at() {
        check_diagnostics(
            r#"
              apt: *common
            #      ^ error[yaml-syntax]: this alias has no anchor
            # = hint: an anchor such as `&name` must stand before `*name`; put text that starts with `*` in quotes
        "#,
        );
    }

    #[test]
    fn a_list_is_not_a_spec() {
        check_diagnostics(
            r#"
              - base: debian
            #   ^^^^ error[wrong-type]: a spec is a mapping of keys to values, this is a list
            # = hint: start with a key, such as `base: debian:bookworm-slim`
        "#,
        );
    }

    #[test]
    fn a_text_is_not_a_spec() {
        check_diagnostics(
            r#"
              debian:bookworm
            # ^^^^^^^^^^^^^^^ error[wrong-type]: a spec is a mapping of keys to values, this is text
            # = hint: a space comes after the `:` of a key: `base: debian`
        "#,
        );
    }

    #[test]
    fn an_empty_file_gets_a_first_spec() {
        check_diagnostics(
            r#"
              # syntax=modelcrate/frontend:1
            # ^ error[empty-spec]: the spec is empty
            # = hint: the smallest spec is `base: debian:bookworm-slim`; with `python: { version: "3.12" }` it gets the uv project beside it
        "#,
        );
    }

    #[test]
    fn a_key_needs_a_space_after_its_colon() {
        check_diagnostics(
            r#"
              base:debian
            # ^^^^^^^^^^^ error[wrong-type]: a spec is a mapping of keys to values, this is text
            # = hint: a space comes after the `:` of a key: `base: debian`
              apt:git
        "#,
        );
    }

    #[test]
    fn a_merge_that_was_not_finished_is_pointed_at() {
        check_diagnostics(
            r#"
              base: debian
              <<<<<<< HEAD
            # ^^^^^^^ error[yaml-syntax]: a merge left both sides here
            # = hint: keep one side and take out the `<<<<<<<`, `=======` and `>>>>>>>` lines
              user: a
              =======
              user: b
              >>>>>>> x
        "#,
        );
    }

    #[test]
    fn a_list_on_the_line_of_its_key_is_pointed_at() {
        check_diagnostics(
            r#"
              apt: - git
            #      ^ error[yaml-syntax]: a list cannot start here
            # = hint: put its first `- ` on the next line, or write `[one, two]`
        "#,
        );
    }

    #[test]
    fn a_key_beside_items_is_pointed_at() {
        check_diagnostics(
            r#"
              apt:
                - git
                make: x
            #   ^ error[yaml-syntax]: a list and keys cannot be mixed
            # = hint: every item of a list starts with `- ` in the same column
        "#,
        );
    }

    #[test]
    fn text_after_a_quote_is_pointed_at() {
        check_diagnostics(
            r#"
              name: 'it's'
            #           ^ error[yaml-syntax]: there is text after the closing quote
            # = hint: write `''` for a quote inside single quotes, `\"` inside double quotes
        "#,
        );
    }
}
