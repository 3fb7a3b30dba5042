//! Models that an example makes itself, small enough for any machine.

use std::process::Command;

use crate::{Engine, FileServer, Output, Project};

/// The models that the example's own script makes, served to the engine; nothing where it has none.
pub fn made_models(engine: &Engine, project: &Project) -> Option<FileServer> {
    let script = ["model/make.py", "models/make.py"].map(|path| project.file(path));
    let script = script.iter().find(|path| path.is_file())?;
    let folder = project.file("build/models");
    Output::of(Command::new("python3").arg(script).arg(&folder)).ok();
    Some(FileServer::new(engine, &folder))
}
