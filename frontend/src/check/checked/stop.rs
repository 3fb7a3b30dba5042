//! How the image stops.

use std::time::Duration;

use crate::source::Spanned;

/// How the image stops.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stop {
    /// `SIGTERM`, …
    pub signal: Option<Spanned<String>>,
    /// Time that it gets before it is killed.
    pub grace: Option<Duration>,
}
