//! From a spec to [`Checked`]: what comes out has no unresolved name and no missing default.

mod checked;

pub use checked::*;
