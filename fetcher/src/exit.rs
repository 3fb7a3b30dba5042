//! How a program ends that moves models: a code for each class of failure, so that whoever restarts it knows whether that helps.

/// Why a program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// What was asked for is there.
    Done,
    /// Arguments, environment or configuration are wrong.
    Usage,
    /// The server wants another token, or a licence to be accepted.
    Denied,
    /// No such repository, revision, file or bucket.
    Missing,
    /// The network or the server failed, or limits the requests, after all tries.
    Network,
    /// Size or digest of what came are not what was pinned.
    Integrity,
    /// The disk or the bucket does not take the bytes.
    Storage,
    /// Another process does the same and has not finished.
    Busy,
}

impl Exit {
    /// The exit code of the process.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Usage => 2,
            Self::Denied => 3,
            Self::Missing => 4,
            Self::Network => 5,
            Self::Integrity => 6,
            Self::Storage => 7,
            Self::Busy => 8,
        }
    }

    /// Whether starting again without changing anything is of no use.
    pub fn is_permanent(self) -> bool {
        matches!(self, Self::Usage | Self::Denied | Self::Missing)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::Usage => "usage",
            Self::Denied => "denied",
            Self::Missing => "missing",
            Self::Network => "network",
            Self::Integrity => "integrity",
            Self::Storage => "storage",
            Self::Busy => "busy",
        })
    }
}
