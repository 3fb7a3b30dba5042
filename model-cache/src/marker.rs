//! `.complete.json`: what says that a model in a bucket is whole. It is written last, and read first.

use std::collections::BTreeMap;

use modelcrate_fetcher::file::{File, is_commit};
use serde::{Deserialize, Serialize};

use crate::bucket::Listed;
use crate::lease;

/// Name of the object, below the model's folder.
pub const NAME: &str = ".complete.json";
/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Whether no file of a model may have this path: the objects there say how far the model is.
pub fn is_reserved(path: &str) -> bool {
    path == NAME || path == lease::NAME
}

/// What a whole model consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// [`VERSION`].
    version: u32,
    /// `owner/name` on the hub.
    pub model: String,
    /// The revisions that were asked for and stood for `commit`: branches, tags, or the commit itself.
    pub revisions: Vec<String>,
    /// 40 digits.
    pub commit: String,
    /// The files, by path.
    pub files: Vec<Stored>,
    /// Program and version that wrote it.
    pub writer: String,
}

/// A file, and the object that it became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Path, size and SHA-256.
    #[serde(flatten)]
    pub file: File,
    /// What the service said of the object when it took it; a later write of others changes it.
    pub etag: String,
}

impl Marker {
    /// A marker in its one order.
    pub fn new(model: &str, revision: &str, commit: &str, mut files: Vec<Stored>) -> Self {
        files.sort_by(|one, other| one.file.cmp(&other.file));
        Self {
            version: VERSION,
            model: model.to_owned(),
            revisions: vec![revision.to_owned()],
            commit: commit.to_owned(),
            files,
            writer: concat!("model-cache ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// Reads a marker; `None` for what is none, is of another version, or names paths and digests that cannot be.
    pub fn read(text: &[u8]) -> Option<Self> {
        let marker: Self = serde_json::from_slice(text).ok()?;
        let sound = marker.version == VERSION
            && is_commit(&marker.commit)
            && marker.files.iter().all(|stored| stored.file.is_sound());
        sound.then_some(marker)
    }

    /// The text of the object.
    pub fn text(&self) -> String {
        // A struct of texts and numbers always becomes JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether it was written for this revision. A branch is what it was when the model was stored.
    pub fn is_of(&self, model: &str, revision: &str) -> bool {
        self.model == model
            && (self.commit == revision || self.revisions.iter().any(|known| known == revision))
    }

    /// The files whose objects are missing, or are not those that were stored.
    pub fn broken<'a>(&'a self, listed: &BTreeMap<String, Listed>) -> Vec<&'a str> {
        let whole = |stored: &Stored| {
            listed
                .get(&stored.file.path)
                .is_some_and(|object| object.size == stored.file.size && object.etag == stored.etag)
        };
        let broken = self.files.iter().filter(|stored| !whole(stored));
        broken.map(|stored| stored.file.path.as_str()).collect()
    }

    /// Whether it lists this path.
    pub fn has(&self, path: &str) -> bool {
        self.files.iter().any(|stored| stored.file.path == path)
    }

    /// Bytes of all files.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|stored| stored.file.size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(path: &str, size: u64) -> Stored {
        Stored {
            file: File {
                path: path.into(),
                size,
                sha256: "a".repeat(64),
            },
            etag: format!("\"{path}\""),
        }
    }

    fn marker() -> Marker {
        let files = vec![stored("model.safetensors", 9), stored("config.json", 2)];
        Marker::new("org/name", "main", &"1".repeat(40), files)
    }

    fn listed(files: &[(&str, u64, &str)]) -> BTreeMap<String, Listed> {
        let object = |(path, size, etag): &(&str, u64, &str)| {
            let etag = (*etag).to_owned();
            ((*path).to_owned(), Listed { size: *size, etag })
        };
        files.iter().map(object).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let text = marker().text();
        assert!(
            text.contains(r#"{"path":"config.json","size":2,"sha256":"aaaa"#),
            "{text}"
        );
        assert_eq!(Marker::read(text.as_bytes()), Some(marker()));
    }

    #[test]
    fn what_cannot_be_true_is_no_marker() {
        let with = |from: &str, to: &str| Marker::read(marker().text().replace(from, to).as_bytes());
        assert_eq!(with("config.json", "../../etc/passwd"), None);
        assert_eq!(with("\"version\":1", "\"version\":2"), None);
        assert_eq!(with("1111", "main"), None);
        assert_eq!(with("aaaa", "AAAA"), None);
        assert_eq!(Marker::read(b"<html>"), None);
    }

    #[test]
    fn it_stands_for_the_revisions_that_were_asked_for() {
        assert!(marker().is_of("org/name", "main"));
        assert!(marker().is_of("org/name", &"1".repeat(40)));
        assert!(!marker().is_of("org/name", "v2"));
        assert!(!marker().is_of("org/other", "main"));
    }

    #[test]
    fn a_missing_a_short_and_an_overwritten_object_break_it() {
        let config = ("config.json", 2, "\"config.json\"");
        let weights = ("model.safetensors", 9, "\"model.safetensors\"");
        let none: Vec<&str> = Vec::new();
        assert_eq!(marker().broken(&listed(&[config, weights])), none);
        assert_eq!(marker().broken(&listed(&[config])), ["model.safetensors"]);
        let short = ("model.safetensors", 8, "\"model.safetensors\"");
        assert_eq!(marker().broken(&listed(&[config, short])), ["model.safetensors"]);
        let other = ("model.safetensors", 9, "\"other\"");
        assert_eq!(marker().broken(&listed(&[config, other])), ["model.safetensors"]);
    }
}
