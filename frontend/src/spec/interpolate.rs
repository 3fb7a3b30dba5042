//! Puts values in the place of every `${…}` of a tree.

use std::collections::BTreeSet;
use std::ops::Range;

use super::args::{Scope, Value, undefined};
use super::model_names::MODELS;
use super::node::{Kind, Node, Pair, Scalar};
use super::template::{Part, Reason, parts};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Source, Span, Spanned};

/// Bytes of a text with its values: args that double each other would fill any memory.
const LONGEST_VALUE: usize = 64 << 10;

/// Where a text stands, for the advice that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A command, where `${NAME}` could be meant for the shell.
    Shell,
    /// Anywhere else.
    Value,
}

/// What is needed to replace a `${…}`: the values, and the text for the places.
#[derive(Clone, Copy)]
pub struct Filler<'a> {
    /// The values.
    pub scope: &'a Scope,
    /// The text that the spans of the tree lie in.
    pub source: &'a Source,
}

impl Filler<'_> {
    /// The tree with values in its texts and keys; what could not be replaced is kept in [`Scalar::unresolved`].
    pub fn tree(self, node: &Node, place: Place) -> Node {
        let kind = match &node.kind {
            Kind::Scalar(scalar) => Kind::Scalar(self.scalar(scalar, node.span, place)),
            Kind::Sequence(items) => {
                Kind::Sequence(items.iter().map(|item| self.tree(item, place)).collect())
            }
            Kind::Mapping(pairs) => Kind::Mapping(pairs.iter().map(|pair| self.pair(pair, place)).collect()),
        };
        Node {
            span: node.span,
            kind,
        }
    }

    fn pair(self, pair: &Pair, place: Place) -> Pair {
        let shell = matches!(pair.key.value.as_str(), "run" | "command" | "commands");
        let place = if shell { Place::Shell } else { place };
        match self.text(&pair.key.value, pair.key.span, place) {
            Ok(key) => Pair {
                key: Spanned::new(key, pair.key.span),
                value: self.tree(&pair.value, place),
            },
            Err(reasons) => Pair {
                key: pair.key.clone(),
                value: unresolved(pair.value.span, reasons),
            },
        }
    }

    fn scalar(self, scalar: &Scalar, span: Span, place: Place) -> Scalar {
        if !scalar.text.contains("${") {
            return scalar.clone();
        }
        let (text, unresolved) = match self.text(&scalar.text, span, place) {
            Ok(text) => (text, None),
            Err(reasons) => (scalar.text.clone(), Some(reasons)),
        };
        // An empty value is an empty text, never "nothing was written".
        Scalar {
            text,
            plain: false,
            unresolved,
        }
    }

    /// `text`, written at `span`, with values; or everything that is in the way, nothing where that has been said.
    pub fn text(self, text: &str, span: Span, place: Place) -> Result<String, Vec<Diagnostic>> {
        let mut filled = String::with_capacity(text.len());
        let mut reasons = Vec::new();
        let mut complete = true;
        for part in parts(text) {
            match self.part(&part, text, span, place) {
                Ok(value) => filled.push_str(value),
                Err(reason) => {
                    complete = false;
                    reasons.extend(reason);
                }
            }
        }
        if filled.len() > LONGEST_VALUE {
            let message = format!("this becomes longer than {} KiB", LONGEST_VALUE / 1024);
            reasons.push(Diagnostic::error(code::TOO_LARGE, span, message));
            complete = false;
        }
        if complete { Ok(filled) } else { Err(reasons) }
    }

    fn part<'p>(
        &'p self,
        part: &Part<'p>,
        text: &str,
        span: Span,
        place: Place,
    ) -> Result<&'p str, Option<Diagnostic>> {
        match part {
            Part::Text(text) => Ok(text),
            Part::Name {
                name,
                default,
                index,
                range,
            } => match (self.scope.get(name), default) {
                (Some(Value::Known(value)), Some(default)) if value.is_empty() => Ok(default),
                (Some(Value::Known(value)), _) => Ok(value),
                (Some(Value::Missing(_)), Some(default)) => Ok(default),
                (Some(Value::Missing(reason)), None) if name.starts_with(MODELS) => Err(Some(Diagnostic {
                    span: locate(self.source, text, span, *index, range),
                    ..reason.as_ref().clone()
                })),
                (Some(Value::Missing(reason)), None) => Err(Some(reason.as_ref().clone())),
                (Some(Value::Broken), _) => Err(None),
                (None, _) => {
                    let at = locate(self.source, text, span, *index, range);
                    Err(Some(undefined(name, at, self.scope, place)))
                }
            },
            Part::Bad { reason, index, range } => {
                let at = locate(self.source, text, span, *index, range);
                Err(Some(bad(*reason, at, place)))
            }
        }
    }
}

/// The names that a text refers to, with their places.
pub fn names(node: &Node, source: &Source) -> Vec<Spanned<String>> {
    let text = node.as_text().unwrap_or_default();
    parts(text)
        .into_iter()
        .filter_map(|part| match part {
            Part::Name {
                name, index, range, ..
            } => {
                let span = locate(source, text, node.span, index, &range);
                Some(Spanned::new(name.to_string(), span))
            }
            _ => None,
        })
        .collect()
}

/// Every name that the tree refers to, keys included.
pub fn all_names(node: &Node) -> BTreeSet<String> {
    match &node.kind {
        Kind::Scalar(scalar) => names_in(&scalar.text).collect(),
        Kind::Sequence(items) => items.iter().flat_map(all_names).collect(),
        Kind::Mapping(pairs) => pairs
            .iter()
            .flat_map(|pair| names_in(&pair.key.value).chain(all_names(&pair.value)))
            .collect(),
    }
}

fn names_in(text: &str) -> impl Iterator<Item = String> {
    parts(text).into_iter().filter_map(|part| match part {
        Part::Name { name, .. } => Some(name.to_string()),
        _ => None,
    })
}

fn unresolved(span: Span, reasons: Vec<Diagnostic>) -> Node {
    let scalar = Scalar {
        unresolved: Some(reasons),
        ..Scalar::default()
    };
    Node {
        span,
        kind: Kind::Scalar(scalar),
    }
}

/// The place of the `index`th `${` of a scalar. The raw text of a scalar has quotes, escapes and indentation that its value
/// has not, but the same number of `${`; where it has not (`"\x24{"`), the whole scalar is the place.
fn locate(source: &Source, text: &str, span: Span, index: usize, range: &Range<usize>) -> Span {
    let raw = source.slice(span);
    if raw.matches("${").count() != text.matches("${").count() {
        return span;
    }
    match raw.match_indices("${").nth(index) {
        Some((at, _)) => {
            let start = span.start + at;
            Span::new(start, (start + range.len()).min(span.end))
        }
        None => span,
    }
}

fn bad(reason: Reason, at: Span, place: Place) -> Diagnostic {
    let message = match reason {
        Reason::Open => "this `${` has no `}`",
        Reason::Empty => "there is no name in `${}`",
        Reason::Nested => "a default cannot hold another `${…}`",
        Reason::Operator => "this is neither `${NAME}` nor `${NAME:-default}`",
    };
    let finding = Diagnostic::error(code::BAD_INTERPOLATION, at, message);
    match (reason, place) {
        (Reason::Nested, _) => {
            finding.hint("declare an arg whose default is the other: `args: { A: x, B: ${A} }`")
        }
        (_, Place::Shell) => finding.hint("write `$${…}` for the shell's own `${…}`"),
        (_, Place::Value) => finding.hint("write `$${` for the text `${` itself"),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_name_that_nothing_defines_is_pointed_at_inside_its_text() {
        check_diagnostics(
            r#"
              args: { VERSION: "1" }
              labels:
                title: "é \t ${VERSON} and ${VERSION}"
            #                ^^^^^^^^^ error[undefined-name]: nothing defines `${VERSON}`
            # = hint: did you mean `VERSION`?
        "#,
        );
    }

    #[test]
    fn the_shell_has_its_own_braces() {
        check_diagnostics(
            r#"
              run:
                - echo $HOME $${HOME}
                - |
                  for f in *; do
                    echo ${f}
            #            ^^^^ error[undefined-name]: nothing defines `${f}`
            # = hint: a variable of the shell is written `$${f}` or `$f`; an arg is declared under `args:`
                  done
        "#,
        );
    }

    #[test]
    fn a_name_without_a_near_one_shows_how_to_declare_it() {
        check_diagnostics(
            r#"
              base: ${IMAGE}
            #       ^^^^^^^^ error[undefined-name]: nothing defines `${IMAGE}`
            # = hint: declare it: `args: { IMAGE: default }`; or write `$${IMAGE}` for the text itself
        "#,
        );
    }

    #[test]
    fn a_brace_that_is_not_closed_is_pointed_at() {
        check_diagnostics(
            r#"
              base: debian:${TAG
            #              ^^^^^ error[bad-interpolation]: this `${` has no `}`
            # = hint: write `$${` for the text `${` itself
        "#,
        );
    }

    #[test]
    fn a_default_is_plain_text() {
        check_diagnostics(
            r#"
              args: { A: "", B: x }
            #                ^ warning[unused-arg]: nothing uses the arg `B`
            # = hint: write `${B}` where its value belongs, or leave it out
              env: { A: "${A:-one}", B: "${A:-${B}}" }
            #                            ^^^^^^^^^ error[bad-interpolation]: a default cannot hold another `${…}`
            # = hint: declare an arg whose default is the other: `args: { A: x, B: ${A} }`
        "#,
        );
    }

    #[test]
    fn operators_of_the_shell_are_not_ours() {
        check_diagnostics(
            r#"
              args: { A: x }
              env: { A: "${A%.*}", B: "${A}" }
            #            ^^^^^^^ error[bad-interpolation]: this is neither `${NAME}` nor `${NAME:-default}`
            # = hint: write `$${` for the text `${` itself
        "#,
        );
    }

    #[test]
    fn there_is_a_name_between_the_braces() {
        check_diagnostics(
            r#"
              env: { A: "${}" }
            #            ^^^ error[bad-interpolation]: there is no name in `${}`
            # = hint: write `$${` for the text `${` itself
        "#,
        );
    }

    #[test]
    fn keys_can_hold_names_too() {
        check_diagnostics(
            r#"
              args: { DIR: src }
              copy:
                - ${DIR}: /app
                - ${DRI}: /app
            #     ^^^^^^ error[undefined-name]: nothing defines `${DRI}`
            # = hint: did you mean `DIR`?
        "#,
        );
    }

    #[test]
    fn keys_that_become_the_same_are_a_mistake() {
        check_diagnostics(
            r#"
              args: { A: X }
              env: { X: "1", "${A}": "2" }
            #                ^^^^^^ error[duplicate-key]: `X` is written twice
            # = hint: keep one of them, or join what they say
            #        - first written here
        "#,
        );
    }
}
