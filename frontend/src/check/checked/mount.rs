//! Files and folders that a command sees.

use super::CopyFrom;
use crate::source::Spanned;

/// Files of elsewhere that a command sees, read-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesMount {
    /// Where they come from.
    pub from: MountFrom,
    /// A file or folder, absolute in its source.
    pub src: Spanned<String>,
    /// Where they lie in the step, an absolute path below `/`.
    pub dest: Spanned<String>,
}

/// Where mounted files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountFrom {
    /// The main context.
    Context,
    /// An image reference or the name of a named context.
    Image(Spanned<String>),
    /// Another target, one of [`Checked::sources`](super::Checked::sources).
    Target(Spanned<String>),
    /// The outputs of an earlier command, by its name.
    Step(Spanned<String>),
    /// What another stage of this target makes: `python`'s interpreter and packages, what `cmake` installs.
    Stage(Spanned<String>),
}

impl From<CopyFrom> for MountFrom {
    fn from(from: CopyFrom) -> Self {
        match from {
            CopyFrom::Context => Self::Context,
            CopyFrom::Image(image) => Self::Image(image),
            CopyFrom::Target(name) => Self::Target(name),
        }
    }
}

/// A folder that is kept between builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheMount {
    /// Absolute path in the step.
    pub path: Spanned<String>,
    /// Identity of the folder; the path when not written.
    pub id: String,
    /// What happens when two steps want it at once.
    pub sharing: Sharing,
}

/// Who may use a cache at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Everybody.
    Shared,
    /// A second user gets a folder of its own.
    Private,
    /// A second user waits.
    Locked,
}
