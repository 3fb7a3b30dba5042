//! Where what is downloaded stays from run to run.

use std::fs::File;
use std::path::{Path, PathBuf};

/// The folder, which `tests/engine/engine` and `./dev` use too.
pub fn folder() -> PathBuf {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    variable("MODELCRATE_CACHE")
        .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("modelcrate")))
        .or_else(|| Some(variable("HOME")?.join(".cache/modelcrate")))
        .expect("a home folder")
}

/// A folder below it that `make` fills, once for all runs and for all processes of one.
pub(crate) fn made(path: &Path, make: impl FnOnce(&Path)) -> PathBuf {
    let folder = folder().join(path);
    let made = folder.join("made");
    std::fs::create_dir_all(&folder).expect("a folder of the cache");
    // Another process may be making it.
    let mut beside = folder.clone().into_os_string();
    beside.push(".lock");
    let lock = File::create(beside).expect("a file of the cache");
    lock.lock().expect("a lock");
    if !made.is_file() {
        make(&folder);
        std::fs::write(made, "").expect("a file of the cache");
    }
    folder
}
