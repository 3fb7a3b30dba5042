//! Programs that are put into the image by name.

/// A program that can be put into the image by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// `uv` and `uvx` in `/usr/local/bin`.
    Uv,
}
