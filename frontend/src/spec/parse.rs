//! Text to [`Document`].

use super::node::{Document, Kind, Node};
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
    Diagnostic::error(code::WRONG_TYPE, root.head(), message)
        .hint("start with a key, such as `base: debian:bookworm-slim`")
}

/// What the parser says, in words that help.
fn syntax(text: &str, info: &str, at: usize) -> Diagnostic {
    let at = if at >= text.len() { last_visible(text) } else { at };
    let advice = advice(text, info, at);
    let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
    let diagnostic = Diagnostic::error(code::YAML_SYNTAX, Span::new(at, end), advice.message);
    advice
        .hint
        .into_iter()
        .fold(diagnostic, |diagnostic, hint| diagnostic.hint(hint))
}

/// An error at the very end is drawn at the last thing that can be seen.
fn last_visible(text: &str) -> usize {
    text.trim_end().char_indices().next_back().map_or(0, |(at, _)| at)
}

struct Advice {
    message: String,
    hint: Option<&'static str>,
}

fn advice(text: &str, info: &str, at: usize) -> Advice {
    let say = |message: &str, hint: &'static str| Advice {
        message: message.to_string(),
        hint: Some(hint),
    };
    let here = text[at..].chars().next().unwrap_or_default();
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    if text[..at].ends_with("${") || text[at..].starts_with("{") && text[..at].ends_with('$') {
        return say(
            "`${…}` inside `[…]` or `{…}` needs quotes",
            "write `[\"${NAME}\"]`: YAML takes a bare `{` there for the start of a mapping",
        );
    }
    if text[line_start..at].contains('\t') || here == '\t' || info.contains("tab") {
        return say("a tab cannot indent YAML", "indent with spaces");
    }
    match info {
        _ if info.contains("mapping values are not allowed") || info.contains("illegal placement of ':'") => {
            say(
                "a `:` cannot stand here",
                "put text that has `: ` in it in quotes; on its own line a key must line up with its neighbours",
            )
        }
        _ if info.contains("unexpected end of stream") => {
            say("this quote is never closed", "add the closing quote")
        }
        _ if info.contains("unknown anchor") => say(
            "this alias has no anchor",
            "an anchor such as `&name` must stand before `*name`; put text that starts with `*` in quotes",
        ),
        _ if info.contains("unexpected character") => Advice {
            message: format!("text cannot start with `{here}`"),
            hint: Some("put it in quotes"),
        },
        _ if info.contains("did not find expected key") || info.contains("document start") => say(
            "this line does not line up with the keys above",
            "keys of one mapping start in the same column",
        ),
        _ if info.contains("expected '-'") => say(
            "a list and keys cannot be mixed",
            "every item of a list starts with `- ` in the same column",
        ),
        _ if info.contains("flow mapping") => say(
            "this `{…}` is not closed properly",
            "write `{ key: value, other: value }`",
        ),
        _ if info.contains("flow sequence") => say("this `[…]` is not closed properly", "write `[one, two]`"),
        _ if info.contains("simple key expect") => say(
            "this line has no `:`",
            "a key and its value are written `key: value`",
        ),
        _ if info.contains("trailing content") => say(
            "there is text after the closing quote",
            "write `''` for a quote inside single quotes, `\\\"` inside double quotes",
        ),
        _ => Advice {
            message: format!("not YAML: {info}"),
            hint: None,
        },
    }
}
