//! What an image may weigh.

use crate::source::Spanned;

/// What an image may weigh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// All files of its layers, in bytes.
    pub unpacked: Option<Spanned<u64>>,
    /// Its layers as they travel, in bytes.
    pub compressed: Option<Spanned<u64>>,
    /// Their number.
    pub layers: Option<Spanned<u32>>,
    /// Models do not count.
    pub except_models: bool,
    /// The base does not count.
    pub except_base: bool,
}
