//! A Python that uv can download where its own builds cannot be reached.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::{Engine, FileServer, Output, cache, repository};

/// A server of uv builds, and the build args that lead to it.
pub struct PythonServer {
    /// `PYTHON_VERSION` is the version that it has.
    pub args: Vec<String>,
    _server: FileServer,
}

impl PythonServer {
    /// Makes the build, once, and serves it to the engine's steps.
    pub fn new(engine: &Engine) -> Self {
        static FOLDER: OnceLock<PathBuf> = OnceLock::new();
        let folder = FOLDER.get_or_init(made);
        let server = FileServer::new(engine, folder);
        let url = server.url();
        Self {
            args: vec![
                format!("UV_PYTHON_DOWNLOADS_JSON_URL={url}/downloads.json"),
                format!("UV_PYTHON_INSTALL_MIRROR={url}"),
                format!("PYTHON_VERSION={}", version(folder)),
            ],
            _server: server,
        }
    }

    /// Those of the args that say where the builds are: they are the builder's, and no spec has to declare them.
    pub fn addresses(&self) -> &[String] {
        &self.args[..2]
    }
}

fn made() -> PathBuf {
    let folder = cache::folder().join("python-standin");
    if !folder.join("downloads.json").is_file() {
        let program = repository().join("tests/engine/python-standin");
        Output::of(std::process::Command::new(program).arg(&folder)).ok();
    }
    folder
}

/// The version of the builds in the list.
fn version(folder: &std::path::Path) -> String {
    let list = std::fs::read(folder.join("downloads.json")).expect("a list of builds");
    let list: serde_json::Value = serde_json::from_slice(&list).expect("a list of builds in JSON");
    let first = list
        .as_object()
        .and_then(|builds| builds.values().next())
        .expect("one build");
    format!("{}.{}.{}", first["major"], first["minor"], first["patch"])
}
