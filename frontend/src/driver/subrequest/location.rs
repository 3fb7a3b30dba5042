//! Places of the spec as clients read them (buildkit `solver/pb/ops.proto`, `Location`, in the words of Go's JSON).

use serde::Serialize;

use super::super::Build;
use crate::source::Span;

/// The spec is the first source of every answer.
const FIRST: i32 = 0;

/// Ranges of one of the answer's sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Location {
    /// Which source; the first where it is left out.
    #[serde(rename = "sourceIndex", skip_serializing_if = "is_zero")]
    source: i32,
    ranges: Vec<Range>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Lines from 1, columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Position {
    line: i32,
    #[serde(skip_serializing_if = "is_zero")]
    character: i32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &i32) -> bool {
    *number == 0
}

impl Location {
    /// A place in the build's spec.
    pub(super) fn new(build: &Build, span: Span) -> Self {
        let ranges = build.spec.location(span).ranges;
        Self {
            source: FIRST,
            ranges: ranges.into_iter().map(Range::from).collect(),
        }
    }

    /// No place at all.
    pub(super) fn nowhere() -> Self {
        Self {
            source: FIRST,
            ranges: Vec::new(),
        }
    }
}

impl From<buildkit_llb::Range> for Range {
    fn from(range: buildkit_llb::Range) -> Self {
        let position = |at: buildkit_llb::Position| Position {
            line: at.line,
            character: at.character,
        };
        Self {
            start: position(range.start),
            end: position(range.end),
        }
    }
}
