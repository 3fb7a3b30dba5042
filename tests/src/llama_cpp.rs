//! The real sources of llama.cpp.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Output;

/// The package of the Python index that carries them whole.
const PACKAGE: &str = "llama-cpp-python==0.3.36";

/// Unpacks llama.cpp below `folder`: the folder of its sources, without the `.git` of a submodule.
pub fn sources(folder: &Path) -> PathBuf {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps"]);
    pip.args(["--no-binary", "llama-cpp-python", PACKAGE, "--dest"])
        .arg(folder);
    Output::of(&mut pip).ok();
    let mut archives = std::fs::read_dir(folder).expect("a folder");
    let archive = archives
        .find_map(|entry| {
            Some(entry.ok()?.path()).filter(|path| path.extension().is_some_and(|end| end == "gz"))
        })
        .expect("the archive was downloaded");
    let mut tar = Command::new("tar");
    Output::of(
        tar.args(["--extract", "--strip-components", "1", "--directory"])
            .arg(folder)
            .arg("--file")
            .arg(archive),
    )
    .ok();
    let sources = folder.join("vendor/llama.cpp");
    std::fs::remove_file(sources.join(".git")).expect("the file of a submodule");
    sources
}
