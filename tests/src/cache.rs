//! Where what is downloaded stays from run to run.

use std::path::PathBuf;

/// The folder, which `tests/engine/engine` and `./dev` use too.
pub fn folder() -> PathBuf {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    variable("MODELCRATE_CACHE")
        .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("modelcrate")))
        .or_else(|| Some(variable("HOME")?.join(".cache/modelcrate")))
        .expect("a home folder")
}
