//! What goes wrong on the command line itself.

use std::fmt;
use std::io;

use clap::builder::styling::{AnsiColor, Style};

/// A message for the person at the terminal, and the exit code that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    message: String,
    hint: Option<String>,
    is_drawn: bool,
    code: i32,
}

impl Failure {
    /// What is wrong: exit code 1.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            is_drawn: false,
            code: 1,
        }
    }

    /// The same with what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong, in words that are complete.
    pub fn drawn(message: String) -> Self {
        Self {
            is_drawn: true,
            ..Self::new(message)
        }
    }

    /// Docker cannot be started: the exit codes that shells have for that.
    pub fn no_docker(cause: &io::Error) -> Self {
        let missing = cause.kind() == io::ErrorKind::NotFound;
        Self {
            message: format!("`docker` cannot be started: {cause}"),
            hint: Some("install Docker with buildx, or put it on the `PATH`".into()),
            is_drawn: false,
            code: if missing { 127 } else { 126 },
        }
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The exit code of the process.
    pub fn code(&self) -> i32 {
        self.code
    }
}

/// How clap draws the same words.
const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Green.on_default();

/// In colours: whoever prints it takes them out where nobody wants them.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_drawn {
            return f.write_str(&self.message);
        }
        write!(f, "{ERROR}error:{ERROR:#} {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  {HINT}hint:{HINT:#} {hint}"),
            None => Ok(()),
        }
    }
}
