//! What a hub answers.

use serde::Deserialize;

use crate::card::Card;
use crate::file::{is_clean, is_commit, is_sha256};

/// What a revision stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// 40 digits.
    pub commit: String,
    /// The files are given only to people who accepted a licence.
    pub gated: bool,
    /// Paths of all files; empty where the hub does not say.
    pub files: Vec<String>,
    /// What the model's card says.
    pub card: Card,
}

/// A file in the tree of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path from the root of the repository.
    pub path: String,
    /// Bytes of the file itself.
    pub size: u64,
    /// Its SHA-256, which the hub knows of files that lie outside git.
    pub sha256: Option<String>,
    /// The id of its blob in git, a SHA-1 of [`git_object`]: of the file itself where `sha256` is `None`.
    pub git: String,
}

/// An answer is not what the hub's contract says, as what follows "the hub's answer".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadAnswer(pub String);

impl std::fmt::Display for BadAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadAnswer {}

#[derive(Deserialize)]
struct RevisionWire {
    sha: String,
    #[serde(default)]
    gated: GatedWire,
    #[serde(default)]
    siblings: Vec<SiblingWire>,
    #[serde(default, rename = "cardData")]
    card: serde_json::Value,
}

/// `false`, `"auto"` or `"manual"`.
#[derive(Deserialize)]
#[serde(untagged)]
enum GatedWire {
    Plain(bool),
    #[expect(dead_code, reason = "any word is a gate")]
    Kind(String),
}

impl Default for GatedWire {
    fn default() -> Self {
        Self::Plain(false)
    }
}

#[derive(Deserialize)]
struct SiblingWire {
    rfilename: String,
}

#[derive(Deserialize)]
struct EntryWire {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    oid: String,
    #[serde(default)]
    size: u64,
    lfs: Option<LfsWire>,
}

#[derive(Deserialize)]
struct LfsWire {
    oid: String,
    size: u64,
}

/// Reads what `GET /api/models/{repo}/revision/{rev}` answers.
///
/// # Errors
/// For anything that is not such an answer, and for a commit that is none.
pub fn revision(body: &[u8]) -> Result<Revision, BadAnswer> {
    let wire: RevisionWire = json(body)?;
    if !is_commit(&wire.sha) {
        return Err(BadAnswer("has no commit of 40 digits".into()));
    }
    Ok(Revision {
        commit: wire.sha,
        gated: !matches!(wire.gated, GatedWire::Plain(false)),
        files: wire.siblings.into_iter().map(|file| file.rfilename).collect(),
        card: Card::of(&wire.card),
    })
}

/// Reads a page of what `GET /api/models/{repo}/tree/{commit}?recursive=true` answers; folders are left out.
///
/// # Errors
/// For anything that is not such an answer, and for paths and digests that are none.
pub fn tree(body: &[u8]) -> Result<Vec<Entry>, BadAnswer> {
    let wire: Vec<EntryWire> = json(body)?;
    wire.into_iter()
        .filter(|entry| entry.kind == "file")
        .map(entry)
        .collect()
}

fn entry(wire: EntryWire) -> Result<Entry, BadAnswer> {
    let path = wire.path;
    if !is_clean(&path) {
        return Err(BadAnswer(format!("names a file `{}`", path.escape_default())));
    }
    let sha256 = match wire
        .lfs
        .as_ref()
        .map(|lfs| lfs.oid.strip_prefix("sha256:").unwrap_or(&lfs.oid))
    {
        Some(oid) if !is_sha256(oid) => {
            return Err(BadAnswer(format!("gives `{path}` a SHA-256 that is none")));
        }
        oid => oid.map(str::to_owned),
    };
    Ok(Entry {
        size: wire.lfs.map_or(wire.size, |lfs| lfs.size),
        sha256,
        git: wire.oid,
        path,
    })
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, BadAnswer> {
    serde_json::from_slice(body).map_err(|error| BadAnswer(format!("is not what a hub says: {error}")))
}

/// What stands before a file's bytes when git takes their SHA-1.
pub fn git_object(size: u64) -> String {
    format!("blob {size}\0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_read() {
        let commit = "1".repeat(40);
        let body = format!(
            r#"{{"id":"o/n","sha":"{commit}","gated":"manual","siblings":[{{"rfilename":"a/b"}}],"x":1}}"#
        );
        let read = revision(body.as_bytes()).unwrap();
        assert_eq!(
            (read.commit, read.gated, read.files),
            (commit.clone(), true, vec!["a/b".to_owned()])
        );
        let body = format!(r#"{{"sha":"{commit}","gated":false}}"#);
        assert!(!revision(body.as_bytes()).unwrap().gated);
    }

    #[test]
    fn a_page_is_not_a_revision() {
        assert!(revision(b"<html>").is_err());
        assert_eq!(
            revision(br#"{"sha":"main"}"#),
            Err(BadAnswer("has no commit of 40 digits".into()))
        );
    }

    #[test]
    fn a_tree_has_sizes_and_digests_of_the_files_themselves() {
        let sha256 = "b".repeat(64);
        let body = format!(
            r#"[{{"type":"directory","oid":"1","size":0,"path":"a"}},
                {{"type":"file","oid":"2","size":7,"path":"config.json"}},
                {{"type":"file","oid":"3","size":1000,"path":"a/m.safetensors","lfs":{{"oid":"{sha256}","size":1000,"pointerSize":132}},"xetHash":"0"}}]"#
        );
        let tree = tree(body.as_bytes()).unwrap();
        assert_eq!(tree.len(), 2);
        assert_eq!(
            (tree[0].path.as_str(), tree[0].size, tree[0].sha256.as_deref()),
            ("config.json", 7, None)
        );
        assert_eq!(
            (tree[1].size, tree[1].sha256.as_deref()),
            (1000, Some(sha256.as_str()))
        );
    }

    #[test]
    fn a_path_that_leaves_the_folder_is_refused() {
        let body = br#"[{"type":"file","oid":"2","size":7,"path":"../x"}]"#;
        assert_eq!(tree(body), Err(BadAnswer("names a file `../x`".into())));
    }
}
