//! What was found to be there and right, written beside a model, so that the next start takes a glance and no hour.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use modelcrate_fetcher::file::File;
use serde::{Deserialize, Serialize};

/// What the note is called, in the model's folder.
const NAME: &str = ".modelcrate-complete.json";

/// By path, the files as they were when their digests were taken.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Complete(BTreeMap<String, Seen>);

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    sha256: String,
    size: u64,
    /// Nanoseconds since 1970. Whoever writes to the file changes it.
    modified: i128,
}

impl Complete {
    /// What the folder's note says; nothing where there is none.
    pub fn read(folder: &Path) -> Self {
        let text = std::fs::read(folder.join(NAME)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Whether the file was there and right, and has not been touched since.
    pub fn has(&self, folder: &Path, file: &File) -> bool {
        let now = look(folder, file);
        now.is_some() && self.0.get(&file.path) == now.as_ref()
    }

    /// Notes files whose digests have just been found right. A note that cannot be written costs the next start some time.
    pub fn write(folder: &Path, files: &[File]) {
        let seen = files
            .iter()
            .filter_map(|file| Some((file.path.clone(), look(folder, file)?)));
        let note = Self(seen.collect());
        if Self::read(folder) == note {
            return;
        }
        let new = folder.join(format!("{NAME}.{}", std::process::id()));
        let written = std::fs::File::create_new(&new).and_then(|mut to| {
            to.write_all(&serde_json::to_vec(&note)?)?;
            std::fs::rename(&new, folder.join(NAME))
        });
        if written.is_err() {
            let _ = std::fs::remove_file(new);
        }
    }
}

fn look(folder: &Path, file: &File) -> Option<Seen> {
    let found = folder
        .join(&file.path)
        .symlink_metadata()
        .ok()
        .filter(Metadata::is_file)?;
    Some(Seen {
        sha256: file.sha256.clone(),
        size: found.len(),
        modified: i128::from(found.mtime()) * 1_000_000_000 + i128::from(found.mtime_nsec()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_touched_is_looked_at_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = File {
            path: "a".into(),
            size: 3,
            sha256: "a".repeat(64),
        };
        let path = folder.path().join("a");
        std::fs::write(&path, "abc").unwrap();
        assert!(!Complete::read(folder.path()).has(folder.path(), &file));
        Complete::write(folder.path(), std::slice::from_ref(&file));
        assert!(Complete::read(folder.path()).has(folder.path(), &file));
        // Same size, later.
        let later = path.metadata().unwrap().modified().unwrap() + std::time::Duration::from_millis(5);
        std::fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(later)
            .unwrap();
        assert!(!Complete::read(folder.path()).has(folder.path(), &file));
        let other = File {
            sha256: "b".repeat(64),
            ..file
        };
        assert!(!Complete::read(folder.path()).has(folder.path(), &other));
    }
}
