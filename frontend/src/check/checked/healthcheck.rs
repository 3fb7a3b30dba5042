//! How an engine finds out whether a container is well.

use std::time::Duration;

use crate::source::{Span, Spanned};

/// How an engine finds out whether a container is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Healthcheck {
    /// What is asked.
    pub test: HealthTest,
    /// Time between two checks.
    pub interval: Option<Duration>,
    /// Time after which a check has failed.
    pub timeout: Option<Duration>,
    /// Time in which failures do not count.
    pub start_period: Option<Duration>,
    /// Time between two checks in the start period.
    pub start_interval: Option<Duration>,
    /// Failures in a row that make it unhealthy.
    pub retries: Option<u32>,
    /// Where it was written.
    pub span: Span,
}

/// What a health check asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthTest {
    /// `healthcheck: none`: the base's check is switched off.
    None,
    /// An `http://` URL, or `tcp:PORT`, asked by the launcher.
    Url(Spanned<String>),
    /// A command with its arguments.
    Command(Vec<String>),
    /// A shell line.
    Shell(String),
}
