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

/// Compiles it, once.
fn program() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "--package", "modelcrate"]);
        Output::of(cargo.current_dir(repository())).ok();
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from);
        target.join("debug/modelcrate")
    })
}
