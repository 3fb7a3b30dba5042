//! What can go wrong when bytes are moved. No message holds a token or the query of an address.

use std::path::{Path, PathBuf};

use crate::closed::Closed;
use crate::exit::Exit;
use crate::hub::Refusal;

/// Why something was not moved. `Display` is the sentence, [`Error::hint`] what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The hub's no.
    Refused {
        /// Which no.
        refusal: Refusal,
        /// What is wrong.
        sentence: String,
        /// What to do.
        fix: String,
    },
    /// A registry does not show a repository to who asks.
    Closed {
        /// Why not.
        closed: Closed,
        /// What is wrong.
        sentence: String,
    },
    /// A server that is no hub, or a place that a hub leads to, says 401 or 403.
    Denied {
        /// The address without its query.
        address: String,
        /// The status.
        status: u16,
    },
    /// A server that is no hub says 404 or 410.
    Missing {
        /// The address without its query.
        address: String,
    },
    /// A server wants no more requests for longer than we wait.
    Limited {
        /// The address without its query.
        address: String,
        /// Seconds until it answers again.
        seconds: u64,
    },
    /// No connection, a bad status or a broken answer, after all tries.
    Network {
        /// The address without its query.
        address: String,
        /// What happened, as what follows the address and a colon.
        problem: String,
    },
    /// Size, digest or format are not what was pinned.
    Integrity {
        /// The file.
        file: String,
        /// What is wrong, as what follows the file and a colon.
        problem: String,
    },
    /// A disk or bucket does not take or give bytes.
    Storage {
        /// The file, folder or object.
        place: String,
        /// What happened.
        problem: String,
    },
    /// What was asked for makes no sense.
    Usage {
        /// What is wrong.
        problem: String,
        /// What to do.
        fix: String,
    },
    /// Another process works on the same file.
    Busy {
        /// Its lock.
        lock: PathBuf,
    },
}

impl Error {
    /// A failure of the file system.
    pub fn storage(place: &Path, error: &std::io::Error) -> Self {
        Self::Storage {
            place: place.display().to_string(),
            problem: error.to_string(),
        }
    }

    /// The class, which is the exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Refused { refusal, .. } => match refusal {
                Refusal::Gated | Refusal::Forbidden | Refusal::Token | Refusal::Disabled => Exit::Denied,
                // The hub hides private repositories behind this one; a token may help, starting again does not.
                Refusal::Hidden => Exit::Denied,
                Refusal::Missing | Refusal::Revision | Refusal::File => Exit::Missing,
                Refusal::Limited { .. } | Refusal::Status(_) => Exit::Network,
            },
            Self::Denied { .. } | Self::Closed { .. } => Exit::Denied,
            Self::Missing { .. } => Exit::Missing,
            Self::Limited { .. } | Self::Network { .. } => Exit::Network,
            Self::Integrity { .. } => Exit::Integrity,
            Self::Storage { .. } => Exit::Storage,
            Self::Usage { .. } => Exit::Usage,
            Self::Busy { .. } => Exit::Busy,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Refused { fix, .. } | Self::Usage { fix, .. } => fix.clone(),
            Self::Closed { closed, .. } => closed.fix().into(),
            Self::Denied { .. } => "look at the token or the keys, and at what they may read".into(),
            Self::Missing { .. } => "compare the address with what the server has".into(),
            Self::Limited { seconds, .. } => format!("start again in {seconds} seconds; with a token the limits are higher"),
            Self::Network { .. } => "start again: what is there already is kept where there is a disk".into(),
            Self::Integrity { .. } => {
                "the file has changed since it was pinned, was damaged on its way, or is not the one that was meant; if it did change, pin it again".into()
            }
            Self::Storage { .. } => "look at the free space and at who may write there".into(),
            Self::Busy { .. } => "wait for the other process, or end it".into(),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused { sentence, .. } | Self::Closed { sentence, .. } => f.write_str(sentence),
            Self::Denied { address, status } => write!(f, "{address} may not be read (status {status})"),
            Self::Missing { address } => write!(f, "{address} is not there"),
            Self::Limited { address, .. } => write!(f, "{address} has had too many requests"),
            Self::Network { address, problem } => write!(f, "{address}: {problem}"),
            Self::Integrity { file, problem } => write!(f, "`{file}`: {problem}"),
            Self::Storage { place, problem } => write!(f, "`{place}`: {problem}"),
            Self::Usage { problem, .. } => f.write_str(problem),
            Self::Busy { lock } => write!(f, "another process holds `{}`", lock.display()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_its_exit_code() {
        let refused = |refusal| Error::Refused {
            refusal,
            sentence: String::new(),
            fix: "do".into(),
        };
        let address = || "https://h/x".to_owned();
        for (error, code) in [
            (refused(Refusal::Gated), 3),
            (refused(Refusal::Hidden), 3),
            (refused(Refusal::Revision), 4),
            (refused(Refusal::Limited { seconds: None }), 5),
            (
                Error::Denied {
                    address: address(),
                    status: 403,
                },
                3,
            ),
            (Error::Missing { address: address() }, 4),
            (
                Error::Network {
                    address: address(),
                    problem: "no".into(),
                },
                5,
            ),
            (
                Error::Integrity {
                    file: "a".into(),
                    problem: "b".into(),
                },
                6,
            ),
            (Error::storage(Path::new("/x"), &std::io::Error::other("full")), 7),
            (Error::Busy { lock: "/x".into() }, 8),
        ] {
            assert_eq!(error.exit().code(), code, "{error:?}");
            assert!(!error.hint().is_empty());
        }
    }
}
