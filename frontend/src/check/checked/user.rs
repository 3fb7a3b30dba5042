//! Who the image runs as.

use crate::source::Span;

/// Who the image runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum User {
    /// The base's user: `user:` was not written and the base is not ours to change.
    Inherit,
    /// `user: root` or `0`.
    Root(Span),
    /// `user: 1000` or `1000:1000`: no passwd entry is made.
    Ids {
        /// User id.
        uid: u32,
        /// Group id.
        gid: u32,
        /// Where it was written.
        span: Span,
    },
    /// A user that the image gets, with a passwd entry and a home.
    Named {
        /// Login name.
        name: String,
        /// User id, 1000 when not written.
        uid: u32,
        /// Group id, the same as `uid` when not written.
        gid: u32,
        /// Home, `/home/NAME` when not written.
        home: String,
        /// Where it was written.
        span: Span,
    },
}
