//! The parts of a text with `${…}` in it.

use std::ops::Range;

/// One part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'t> {
    /// Stays as it is. `$NAME` without braces is text: it belongs to the shell.
    Text(&'t str),
    /// `${NAME}` or `${NAME:-default}`.
    Name {
        /// `NAME`.
        name: &'t str,
        /// `default`, taken when the name is empty or not given.
        default: Option<&'t str>,
        /// Which `${` of the text it is, from 0, escaped ones counted too.
        index: usize,
        /// Where it stands in the text.
        range: Range<usize>,
    },
    /// Something between `${` and `}` that is neither.
    Bad {
        /// What is wrong with it.
        reason: Reason,
        /// As in [`Part::Name`].
        index: usize,
        /// As in [`Part::Name`].
        range: Range<usize>,
    },
}

/// What is wrong with a `${…}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There is no `}`.
    Open,
    /// There is no name.
    Empty,
    /// A `${…}` in the default of another.
    Nested,
    /// A letter that no name has, or an operator of the shell (`${NAME%.*}`).
    Operator,
}

/// Splits `text`. `$${` stands for `${`.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = 0;
    for (index, (at, _)) in text.match_indices("${").enumerate() {
        if at < rest {
            continue;
        }
        if text[rest..at].ends_with('$') {
            parts.push(Part::Text(&text[rest..at - 1]));
            parts.push(Part::Text("${"));
            rest = at + 2;
            continue;
        }
        parts.push(Part::Text(&text[rest..at]));
        let end = text[at..].find('}').map_or(text.len(), |length| at + length + 1);
        parts.push(braces(text, at..end, index));
        rest = end;
    }
    parts.push(Part::Text(&text[rest..]));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

fn braces(text: &str, range: Range<usize>, index: usize) -> Part<'_> {
    let bad = |reason| Part::Bad {
        reason,
        index,
        range: range.clone(),
    };
    let Some(inner) = text[range.clone()]
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
    else {
        return bad(Reason::Open);
    };
    let (name, default) = match inner.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inner, None),
    };
    if name.is_empty() {
        return bad(Reason::Empty);
    }
    if default.is_some_and(|default| default.contains("${")) {
        return bad(Reason::Nested);
    }
    if !is_path(name) {
        return bad(Reason::Operator);
    }
    Part::Name {
        name,
        default,
        index,
        range,
    }
}

/// `NAME`, or `models.NAME.path` with dots.
fn is_path(name: &str) -> bool {
    name.split('.').enumerate().all(|(at, word)| {
        let start =
            word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || (at > 0 && c.is_ascii_digit()));
        start
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || (at > 0 && c == '-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(
        name: &'static str,
        default: Option<&'static str>,
        index: usize,
        range: Range<usize>,
    ) -> Part<'static> {
        Part::Name {
            name,
            default,
            index,
            range,
        }
    }

    #[test]
    fn names_are_found_between_texts() {
        assert_eq!(
            parts("a${B}c${D:-e f}"),
            [
                Part::Text("a"),
                name("B", None, 0, 1..5),
                Part::Text("c"),
                name("D", Some("e f"), 1, 6..15)
            ]
        );
    }

    #[test]
    fn a_doubled_dollar_escapes_and_a_bare_one_is_the_shells() {
        assert_eq!(
            parts("$A $${B} ${C}"),
            [
                Part::Text("$A "),
                Part::Text("${"),
                Part::Text("B} "),
                name("C", None, 1, 9..13)
            ]
        );
    }

    #[test]
    fn what_is_no_name_says_why() {
        let reason = |text| match &parts(text)[0] {
            Part::Bad { reason, .. } => *reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(reason("${A"), Reason::Open);
        assert_eq!(reason("${}"), Reason::Empty);
        assert_eq!(reason("${A:-${B}}"), Reason::Nested);
        assert_eq!(reason("${A%.*}"), Reason::Operator);
    }
}
