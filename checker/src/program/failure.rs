//! What can be wrong, in the words and with the exit codes of the fetcher.

use std::path::Path;

/// Why a look failed. `Display` is the sentence, [`Failure::hint`] what to do.
pub enum Failure {
    /// The command line makes no sense.
    Usage {
        /// What is wrong.
        problem: String,
    },
    /// Size or format are not what they must be.
    Integrity {
        /// The file.
        file: String,
        /// What is wrong, as what follows the file and a colon.
        problem: String,
    },
    /// A file cannot be read.
    Storage {
        /// The file.
        place: String,
        /// What happened.
        problem: String,
    },
}

impl Failure {
    /// A command line that makes no sense.
    pub fn usage(problem: impl Into<String>) -> Self {
        let problem = problem.into();
        Self::Usage { problem }
    }

    /// A failure of the file system.
    pub fn storage(place: &Path, error: &std::io::Error) -> Self {
        Self::Storage {
            place: place.display().to_string(),
            problem: error.to_string(),
        }
    }

    /// The exit code of the process.
    pub fn code(&self) -> u8 {
        match self {
            Self::Usage { .. } => 2,
            Self::Integrity { .. } => 6,
            Self::Storage { .. } => 7,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Usage { .. } => "write `checker --in FOLDER --file [BYTES]:PATH …`",
            Self::Integrity { .. } => {
                "the file has changed since it was pinned, was damaged on its way, or is not the one that was meant; if it did change, pin it again"
            }
            Self::Storage { .. } => "look at what the step has mounted there",
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Usage { problem } => f.write_str(problem),
            Self::Integrity { file, problem } => write!(f, "`{file}`: {problem}"),
            Self::Storage { place, problem } => write!(f, "`{place}`: {problem}"),
        }
    }
}
