//! One question: its name, its version and who answers.

use futures_util::future::BoxFuture;

use super::super::{Build, Failure};
use super::Answer;

/// What every name begins with (buildkit `frontend/subrequests/types.go`).
const PREFIX: &str = "frontend.";

/// A question.
pub(super) struct Call {
    /// The whole name, `frontend.outline`.
    pub name: &'static str,
    /// Further short names that people try.
    pub aliases: &'static [&'static str],
    /// The version of the answer's form: that of buildkit's `frontend/subrequests/NAME` where it has the question too.
    pub version: &'static str,
    /// What it answers, for people.
    pub description: &'static str,
    /// Who answers.
    pub by: By,
}

/// What a question needs to be answered.
pub(super) enum By {
    /// Nothing but this program.
    Itself(fn() -> Answer),
    /// A spec.
    Spec(for<'a> fn(&'a Build) -> BoxFuture<'a, Result<Answer, Failure>>),
}

impl Call {
    /// The name as `--call` takes it: clients put the prefix in front (buildx `util/buildflags/callfunc.go`).
    pub(super) fn short(&self) -> &'static str {
        self.name.trim_start_matches(PREFIX)
    }

    /// Whether a short name means this question.
    pub(super) fn is_asked(&self, name: &str) -> bool {
        name == self.short() || self.aliases.contains(&name)
    }
}
