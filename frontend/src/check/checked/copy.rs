//! Files that are copied into the image.

use crate::source::{Span, Spanned};

/// Files that are copied into the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Where they come from.
    pub from: CopyFrom,
    /// Paths or wildcards, absolute in their source (`/vortex`).
    pub sources: Vec<Spanned<String>>,
    /// Absolute path; a trailing `/` means "into this folder".
    pub dest: Spanned<String>,
    /// Owner; root when `None`.
    pub owner: Option<(u32, u32)>,
    /// Mode in octal or chmod form; as in the source when `None`.
    pub mode: Option<Spanned<String>>,
    /// Patterns that stay behind.
    pub exclude: Vec<String>,
    /// Where it was written.
    pub span: Span,
}

/// Where copied files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyFrom {
    /// The main context.
    Context,
    /// An image reference or the name of a named context.
    Image(Spanned<String>),
    /// Another target, one of [`Checked::sources`](super::Checked::sources).
    Target(Spanned<String>),
}
