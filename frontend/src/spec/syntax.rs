//! What to say about text that is not YAML: the parser's words in ones that help.

use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;

/// What the parser says, what we say, what to do. The parser is `saphyr-parser` 0.3 (`scanner.rs`, `parser.rs`).
const WORDS: [(&str, &str, &str); 18] = [
    (
        "mapping values are not allowed",
        "a `:` cannot stand here",
        "put text that has `: ` in it in quotes; on its own line a key must line up with its neighbours",
    ),
    (
        "illegal placement of ':'",
        "a `:` cannot stand here",
        "put text that has `: ` in it in quotes",
    ),
    (
        "unexpected end of stream",
        "this quote is never closed",
        "add the closing quote",
    ),
    (
        "indentation in quoted scalar",
        "this quote is not closed on its line",
        "add the closing quote",
    ),
    (
        "unknown anchor",
        "this alias has no anchor",
        "an anchor such as `&name` must stand before `*name`; put text that starts with `*` in quotes",
    ),
    (
        "while scanning an anchor or alias",
        "there is no name after this letter",
        "put text that starts with `*` or `&` in quotes",
    ),
    (
        "unexpected character",
        "text cannot start with this letter",
        "put it in quotes",
    ),
    (
        "did not find expected key",
        "this line does not line up with the keys above",
        "keys of one mapping start in the same column",
    ),
    (
        "document start",
        "this line does not line up with the keys above",
        "keys of one mapping start in the same column",
    ),
    (
        "expected '-'",
        "a list and keys cannot be mixed",
        "every item of a list starts with `- ` in the same column",
    ),
    (
        "block sequence entries are not allowed",
        "a list cannot start here",
        "put its first `- ` on the next line, or write `[one, two]`",
    ),
    (
        "flow mapping",
        "this `{…}` is not closed properly",
        "write `{ key: value, other: value }`",
    ),
    (
        "flow sequence",
        "this `[…]` is not closed properly",
        "write `[one, two]`",
    ),
    (
        "misplaced bracket",
        "there is nothing to close here",
        "take it out, or put the text in quotes",
    ),
    (
        "simple key expect",
        "this line has no `:`",
        "a key and its value are written `key: value`",
    ),
    (
        "trailing content",
        "there is text after the closing quote",
        "write `''` for a quote inside single quotes, `\\\"` inside double quotes",
    ),
    (
        "unknown escape character",
        "there is an escape in this text that YAML does not know",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (
        "unprintable character",
        "there is a character here that cannot be seen",
        "is the file text, in UTF-8?",
    ),
];

/// The finding about a text that the parser refused at byte `at`, saying `info`.
pub fn syntax(text: &str, info: &str, at: usize) -> Diagnostic {
    let at = if at >= text.len() { last_visible(text) } else { at };
    conflict(text)
        .or_else(|| interpolation(text, at))
        .or_else(|| tab(text, info, at))
        .or_else(|| open_bracket(text, info, at))
        .unwrap_or_else(|| in_words(text, info, at))
}

/// An error at the very end is drawn at the last thing that can be seen.
fn last_visible(text: &str) -> usize {
    text.trim_end().char_indices().next_back().map_or(0, |(at, _)| at)
}

fn finding(span: Span, message: &str, hint: &str) -> Diagnostic {
    Diagnostic::error(code::YAML_SYNTAX, span, message).hint(hint)
}

fn conflict(text: &str) -> Option<Diagnostic> {
    const MARK: &str = "<<<<<<< ";
    let start = match text.starts_with(MARK) {
        true => 0,
        false => text.find("\n<<<<<<< ")? + 1,
    };
    let span = Span::new(start, start + MARK.len() - 1);
    let message = "a merge left both sides here";
    Some(finding(
        span,
        message,
        "keep one side and take out the `<<<<<<<`, `=======` and `>>>>>>>` lines",
    ))
}

fn interpolation(text: &str, at: usize) -> Option<Diagnostic> {
    let brace = [at, at.saturating_sub(1)]
        .into_iter()
        .find(|at| at.checked_sub(1).and_then(|dollar| text.get(dollar..at + 1)) == Some("${"))?;
    Some(finding(
        Span::new(brace - 1, brace + 1),
        "`${…}` inside `[…]` or `{…}` needs quotes",
        "write `[\"${NAME}\"]`: YAML takes a bare `{` there for the start of a mapping",
    ))
}

fn tab(text: &str, info: &str, at: usize) -> Option<Diagnostic> {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let next = text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline + 1);
    let starts_with_tab = |line: usize| text[line..].trim_start_matches(' ').starts_with('\t');
    let line = [line, next].into_iter().find(|line| starts_with_tab(*line))?;
    let is_about_it = info.contains("tab") || !text[line..].starts_with('#');
    let tab = line + text[line..].find('\t')?;
    is_about_it.then(|| {
        finding(
            Span::new(tab, tab + 1),
            "a tab cannot indent YAML",
            "indent with spaces",
        )
    })
}

/// The bracket that was still open when the parser stumbled.
fn open_bracket(text: &str, info: &str, at: usize) -> Option<Diagnostic> {
    if !info.contains("flow") && !info.contains("':'") {
        return None;
    }
    let open = last_open(&text[..at])?;
    let bracket = &text[open..=open];
    let message = format!("this `{bracket}` is never closed");
    let hint = match bracket {
        "[" => "write `[one, two]`",
        _ => "write `{ key: value, other: value }`",
    };
    Some(finding(Span::new(open, open + 1), &message, hint))
}

/// The innermost `[` or `{` without its other half, quotes and comments left out.
fn last_open(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut comment = false;
    let mut before = '\n';
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if comment => comment = c != '\n',
            (Some(closing), c) if c == closing => quote = None,
            (Some(_), _) => {}
            (None, '#') if before.is_whitespace() => comment = true,
            (None, '"' | '\'') if before.is_whitespace() || "[{,".contains(before) => quote = Some(c),
            (None, '[' | '{') => open.push(at),
            (None, ']' | '}') => {
                open.pop();
            }
            _ => {}
        }
        before = c;
    }
    open.pop()
}

fn in_words(text: &str, info: &str, at: usize) -> Diagnostic {
    let known = WORDS.iter().find(|(said, _, _)| info.contains(said));
    match known {
        Some((said, message, hint)) if *said == "simple key expect" => {
            finding(line_before(text, at), message, hint)
        }
        Some((_, message, hint)) => finding(letter(text, at), message, hint),
        None => Diagnostic::error(code::YAML_SYNTAX, letter(text, at), format!("not YAML: {info}")),
    }
}

fn letter(text: &str, at: usize) -> Span {
    Span::new(at, at + text[at..].chars().next().map_or(0, char::len_utf8))
}

/// A key without a `:` is noticed at the end of its line or later.
fn line_before(text: &str, at: usize) -> Span {
    let before = match text[..at].ends_with('\n') {
        true => text[..at].trim_end(),
        false => text[..at + letter(text, at).end - at].trim_end(),
    };
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let indent = before[start..].len() - before[start..].trim_start().len();
    Span::new(start + indent, before.len())
}
