//! A Python that uv can download where its own builds cannot be reached.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::{Engine, FileServer, Output, cache, repository};

/// A server of uv builds, and the build args that lead to it.
pub struct PythonServer {
    /// `PYTHON_VERSION` is the version that it has.
    pub args: Vec<String>,
}

/// The folder with the builds, made once.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(made);

/// One server for each engine: steps know a build by its address, and two targets of one example have such steps in common.
static SERVERS: Mutex<BTreeMap<String, FileServer>> = Mutex::new(BTreeMap::new());

impl PythonServer {
    /// Serves the builds to the engine's steps, until the process ends.
    pub fn new(engine: &Engine) -> Self {
        let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
        let server = servers.entry(engine.name().to_owned());
        let server = server.or_insert_with(|| FileServer::new(engine, &FOLDER));
        let url = server.url();
        Self {
            args: vec![
                format!("UV_PYTHON_DOWNLOADS_JSON_URL={url}/downloads.json"),
                format!("UV_PYTHON_INSTALL_MIRROR={url}"),
                format!("PYTHON_VERSION={}", version(&FOLDER)),
            ],
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
