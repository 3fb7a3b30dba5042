//! What went wrong, of which class, and what to do about it.

use modelcrate_fetcher::client::Error;

use crate::exit::Exit;

/// A failure ends the program; nothing half-true stays behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its class.
    pub exit: Exit,
    /// What went wrong, on one line.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

impl Failure {
    /// A failure of a class.
    pub fn new(exit: Exit, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            exit,
            what: what.into(),
            hint: hint.into(),
        }
    }

    /// The disk did not take or give a file.
    pub fn disk(what: &str, error: &std::io::Error) -> Self {
        Self::new(
            Exit::Storage,
            format!("{what}: {error}"),
            "check that the volume has room and that uid 1000 may write to it",
        )
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error.exit(), error.to_string(), error.hint())
    }
}
