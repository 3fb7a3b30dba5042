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

/// `docker compose` without docker, not started yet, in a folder: it reads and checks files.
pub fn compose(folder: &Path) -> Command {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let program = MADE.get_or_init(|| {
        let mut engine = Command::new(repository().join("tests/engine/engine"));
        Output::of(engine.arg("compose")).ok().stdout.trim().into()
    });
    let mut compose = Command::new(program);
    compose.env_clear().current_dir(folder);
    compose
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
