//! What is looked at when a container starts.

use crate::source::{Span, Spanned};

/// What is looked at when a container starts, before the program does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preflight {
    /// Folder that must be mounted and hold something.
    pub workspace: Option<Spanned<String>>,
    /// `HF_HOME` must be set and exist.
    pub hf_home: bool,
    /// A token of Hugging Face must be there.
    pub hf_token: bool,
    /// A GPU must be there.
    pub gpu: Option<GpuPreflight>,
    /// Least size of `/dev/shm`, in bytes.
    pub shm: Option<u64>,
    /// Absolute paths of folders that the program writes to, in the written order, each once.
    pub writable: Vec<Spanned<String>>,
    /// The image's TCP and UDP ports must be free.
    pub ports: bool,
    /// The files of the image's models must be there.
    pub models: bool,
    /// A user other than the image's own must have a name and a home.
    pub user: bool,
    /// Arguments with which nothing is looked at.
    pub skip_for: Vec<String>,
    /// Where it was written.
    pub span: Span,
}

/// When a GPU must be there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GpuPreflight {
    /// Arguments with which no GPU is needed.
    pub skip_for: Vec<String>,
}
