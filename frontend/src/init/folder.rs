//! What lies in a folder, as far as a first spec cares.

use std::collections::BTreeMap;

/// A folder: its name and its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// What people call it.
    pub name: String,
    /// Texts by relative path, `src/app.py`.
    pub files: BTreeMap<String, String>,
}

/// Folders whose files say nothing of the image.
const ASIDE: [&str; 6] = ["tests", "test", "docs", "doc", "examples", "benches"];

impl Folder {
    /// The text of a file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Path and text of the file of this name that lies nearest to the top.
    pub(super) fn nearest(&self, name: &str) -> Option<(&str, &str)> {
        let named = self.files.iter().filter(|(path, _)| {
            path.as_str() == name
                || path
                    .strip_suffix(name)
                    .is_some_and(|folder| folder.ends_with('/'))
        });
        let found = named.min_by_key(|(path, _)| (path.matches('/').count(), path.as_str()));
        found.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Path and text of sources with these ends, those of tests and documents left out.
    pub(super) fn sources<'a>(&'a self, ends: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let sources = self.files.iter().filter(move |(path, _)| {
            let aside = path.split('/').any(|part| ASIDE.contains(&part));
            !aside && ends.iter().any(|end| path.ends_with(end))
        });
        sources.map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// The folder of a path, `.` for the top.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}
