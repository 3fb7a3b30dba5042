//! The files of the context that say what a Python project is.

use std::collections::BTreeMap;

use super::super::{Build, Failure};
use crate::check::{Python, PythonSource};
use crate::python::joined;

/// Their texts; what is not there is `None`.
pub(super) struct ProjectFiles {
    /// Folder of the project in the context, empty for the context itself.
    pub folder: String,
    /// `pyproject.toml`.
    pub manifest: Option<String>,
    /// `uv.lock`.
    pub lock: Option<String>,
    /// `.python-version`.
    pub pin: Option<String>,
}

impl ProjectFiles {
    /// Reads what is there.
    pub async fn read(build: &Build, python: &Python) -> Result<Self, Failure> {
        let folder = match &python.source {
            PythonSource::Project { folder, .. } => joined(folder, ""),
            PythonSource::Requirements(_) | PythonSource::None => String::new(),
        };
        let paths = ["pyproject.toml", "uv.lock", ".python-version"].map(|name| joined(&folder, name));
        let [manifest, lock, pin] = &paths;
        let mut files = build.read(&[manifest, lock, pin]).await?;
        Ok(Self {
            folder,
            manifest: files.remove(manifest),
            lock: files.remove(lock),
            pin: files.remove(pin),
        })
    }

    /// What to call the project's folder.
    pub fn place(&self) -> String {
        if self.folder.is_empty() {
            "the context".to_owned()
        } else {
            format!("`{}` of the context", self.folder)
        }
    }
}

impl Build {
    /// Texts of files of the context; what is not there is missing.
    pub(super) async fn read(&self, paths: &[&str]) -> Result<BTreeMap<String, String>, Failure> {
        let files = self
            .main
            .read(&self.gateway, paths, "[internal] load Python project")
            .await?;
        let text =
            |(path, bytes): (&str, Vec<u8>)| (path.to_owned(), String::from_utf8_lossy(&bytes).into_owned());
        Ok(files.into_iter().map(text).collect())
    }
}
