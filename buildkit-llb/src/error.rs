use std::fmt;
use std::sync::Arc;

use crate::meta::Meta;
use crate::platform::PlatformError;
use crate::source::ReferenceError;
use crate::source_map::Location;

/// A graph that BuildKit would refuse or get wrong. The first one that a definition's vertices have is reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// What is wrong.
    pub problem: Problem,
    /// The name of the vertex, if it has one.
    pub vertex: Option<String>,
    /// The places that the vertex comes from.
    pub locations: Vec<Location>,
}

/// What is wrong with a vertex or with a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// An exec has no arguments.
    NoArguments,
    /// An exec has no working directory.
    NoWorkingDirectory,
    /// A file op has no actions.
    NoActions,
    /// Something that must have a name or an id has none; the text says what.
    Unnamed(&'static str),
    /// A path must begin with `/`.
    RelativePath {
        /// What the path is.
        role: &'static str,
        /// The path as given.
        path: String,
    },
    /// Two mounts of an exec have one destination.
    DuplicateMount(String),
    /// A mount is read-only and an output at once.
    ReadonlyOutput(String),
    /// The size of a tmpfs is not positive.
    TmpfsSize {
        /// The mount's destination.
        dest: String,
        /// The size in bytes, as given.
        size: i64,
    },
    /// The name of an environment variable is empty or has a `=` or a NUL byte in it.
    EnvironmentName(String),
    /// The address of an extra host is not an IP address.
    HostAddress {
        /// The host's name.
        host: String,
        /// The address as given.
        address: String,
    },
    /// Permission bits are out of range.
    Mode {
        /// The path or id that they are for.
        path: String,
        /// The bits as given.
        mode: u32,
    },
    /// A copy has its mode as bits and as text.
    TwoModes(String),
    /// A checksum is not `sha256:` and 64 lower-case hex digits.
    Checksum(String),
    /// An image reference does not parse.
    Reference(ReferenceError),
    /// A platform does not parse.
    Platform(PlatformError),
    /// A git remote is not a URL of a scheme that BuildKit fetches from.
    GitRemote(String),
    /// A URL is neither `https://` nor `http://`.
    Url(String),
    /// A request header that BuildKit would drop.
    Header(String),
    /// A local source has neither a session nor an id of its own, so builds of other clients could get its files.
    LocalWithoutSession(String),
    /// A definition made elsewhere cannot be taken in; the text says why.
    Foreign(String),
}

/// Why a vertex cannot be made.
pub(crate) enum Fault {
    /// Something is wrong with the vertex itself.
    Own(Problem),
    /// Something is wrong with a vertex that it needs.
    Input(Arc<Error>),
}

impl Fault {
    /// The error to report: the vertex's own, with the place that its metadata knows, or the input's as it is.
    pub(crate) fn at(self, meta: Meta) -> Arc<Error> {
        match self {
            Self::Own(problem) => Arc::new(Error {
                problem,
                vertex: meta.name,
                locations: meta.locations,
            }),
            Self::Input(error) => error,
        }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Own(problem)
    }
}

impl From<&Arc<Error>> for Fault {
    fn from(error: &Arc<Error>) -> Self {
        Self::Input(Arc::clone(error))
    }
}

impl From<ReferenceError> for Fault {
    fn from(error: ReferenceError) -> Self {
        Self::Own(Problem::Reference(error))
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            vertex: None,
            locations: Vec::new(),
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.vertex {
            Some(vertex) => write!(f, "`{vertex}`: {}", self.problem),
            None => self.problem.fmt(f),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoArguments => f.write_str("the command has no arguments"),
            Self::NoWorkingDirectory => f.write_str("the command has no working directory"),
            Self::NoActions => f.write_str("the file operation has no actions"),
            Self::Unnamed(what) => write!(f, "{what} is empty"),
            Self::RelativePath { role, path } => write!(f, "{role} `{path}` is not absolute"),
            Self::DuplicateMount(dest) => write!(f, "two mounts have the destination `{dest}`"),
            Self::ReadonlyOutput(dest) => write!(f, "the mount `{dest}` is read-only and an output"),
            Self::TmpfsSize { dest, size } => write!(f, "the tmpfs `{dest}` has the size {size}"),
            Self::EnvironmentName(name) => write!(f, "`{name}` is not a name of an environment variable"),
            Self::HostAddress { host, address } => {
                write!(f, "the address `{address}` of `{host}` is not an IP address")
            }
            Self::Mode { path, mode } => write!(f, "the mode {mode:#o} of `{path}` is out of range"),
            Self::TwoModes(path) => write!(f, "the copy to `{path}` has two modes"),
            Self::Checksum(checksum) => write!(f, "`{checksum}` is not a sha256 digest"),
            Self::Reference(error) => error.fmt(f),
            Self::Platform(error) => error.fmt(f),
            Self::GitRemote(remote) => write!(f, "`{remote}` is not the URL of a git repository"),
            Self::Url(url) => write!(f, "`{url}` is not an http or https URL"),
            Self::Header(name) => write!(f, "the request header `{name}` is not one that can be set"),
            Self::LocalWithoutSession(name) => write!(f, "the local source `{name}` has no session"),
            Self::Foreign(reason) => write!(f, "the definition cannot be read: {reason}"),
        }
    }
}
