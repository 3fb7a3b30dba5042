//! From a spec to [`Checked`]: what comes out has no unresolved name and no missing default.

mod checked;

/// The version of uv that a spec gets when it names none.
pub const UV_VERSION: &str = "0.13.8";

pub use checked::*;
