//! How the program ends: by a class of success or failure, or by a signal.

use std::fmt;
use std::process::ExitCode;

pub use modelcrate_fetcher::exit::Exit;

/// Why the program ends. The codes are told by `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It came to an end of its own.
    Own(Exit),
    /// Somebody ended it.
    Signal(Signal),
}

/// A signal that ends the program, which cleans up first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT: a person at a terminal.
    Interrupt,
    /// SIGTERM: whoever runs containers.
    Terminate,
}

impl End {
    /// The process' exit code; for a signal 128 and its number, as shells count.
    pub fn code(self) -> u8 {
        match self {
            Self::Own(exit) => exit.code(),
            Self::Signal(Signal::Interrupt) => 130,
            Self::Signal(Signal::Terminate) => 143,
        }
    }
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        Self::from(end.code())
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(exit) => exit.fmt(f),
            Self::Signal(Signal::Interrupt) => f.write_str("interrupted"),
            Self::Signal(Signal::Terminate) => f.write_str("terminated"),
        }
    }
}
