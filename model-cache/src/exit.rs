//! How the program ends: a code for each class of failure, so that whoever restarts it knows whether that helps.

use std::fmt;
use std::process::ExitCode;

/// Why the program ends. The codes are told by `--help`; those of classes that only moving files can meet (3 to 6, 8)
/// come with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done.
    Done,
    /// This version cannot do it.
    Unsupported,
    /// The arguments or the environment are wrong.
    Usage,
    /// The disk or the bucket cannot take files.
    Storage,
}

impl Exit {
    /// The process' exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Unsupported => 1,
            Self::Usage => 2,
            Self::Storage => 7,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::Unsupported => "unsupported",
            Self::Usage => "usage",
            Self::Storage => "storage",
        })
    }
}
