//! The `modelcrate` command, as a user has it in a terminal.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::{Engine, Output, repository};

/// `modelcrate`, not started yet, in a folder; its docker is that of an engine.
pub fn modelcrate(engine: &Engine, folder: &Path) -> Command {
    let mut modelcrate = engine.command(program());
    modelcrate.current_dir(folder);
    modelcrate
}

/// `modelcrate`, not started yet, in a folder and with no docker.
pub fn without_docker(folder: &Path) -> Command {
    let mut modelcrate = Command::new(program());
    modelcrate.env_clear().env("PATH", "").current_dir(folder);
    modelcrate
}

/// The program of `docker compose`. It needs no engine to read and check files.
pub fn compose() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut engine = Command::new(repository().join("tests/engine/engine"));
        Output::of(engine.arg("compose")).ok().stdout.trim().into()
    })
}

/// Compiles it, once.
fn program() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| crate::program::program("modelcrate"))
}
