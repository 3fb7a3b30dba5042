//! The images that a target stands on.

use crate::source::Spanned;

/// The images that a target stands on. With `cuda: auto`, those of nvidia/cuda are not there before the lock has said the
/// version, see [`Checked::with_cuda`](super::Checked::with_cuda).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The image that ships; `None` is `scratch`.
    pub image: Option<Spanned<String>>,
    /// The image that builds: `cuda.build`'s flavour, else the same as `image`.
    pub build: Option<Spanned<String>>,
}
