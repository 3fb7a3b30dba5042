//! File trees, read from tar archives.

use std::collections::BTreeMap;
use std::io::Read;

use base16ct::lower::encode_string;
use sha2::{Digest, Sha256};
use tar::{Archive, EntryType};

/// What is at one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryType,
    /// Permissions with setuid, setgid and sticky bit.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// Seconds since 1970.
    pub mtime: u64,
    /// Bytes.
    pub size: u64,
    /// Target of a symbolic or hard link.
    pub link: Option<String>,
    /// Of the content of a file, in hex.
    pub sha256: String,
    /// The first bytes of a file.
    pub head: Vec<u8>,
}

/// Entries by path, absolute and without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree(pub BTreeMap<String, Entry>);

/// How much of a file is kept.
const HEAD: usize = 512;

impl Tree {
    /// Reads a tar archive.
    pub fn read(tar: impl Read) -> Self {
        let mut archive = Archive::new(tar);
        let mut tree = BTreeMap::new();
        for entry in archive.entries().expect("a tar archive") {
            let mut entry = entry.expect("an entry of the archive");
            let path = format!("/{}", entry.path().expect("a path").display());
            tree.insert(path.trim_end_matches('/').to_owned(), Entry::read(&mut entry));
        }
        Self(tree)
    }

    /// What is at a path.
    #[track_caller]
    pub fn at(&self, path: &str) -> &Entry {
        self.0.get(path).unwrap_or_else(|| panic!("there is no {path}"))
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Entry {
    fn read(entry: &mut tar::Entry<'_, impl Read>) -> Self {
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("the content of a file");
        let header = entry.header();
        let link = entry.link_name().expect("a link's target");
        Self {
            kind: header.entry_type(),
            mode: header.mode().expect("a mode") & 0o7777,
            uid: header.uid().expect("an owner"),
            gid: header.gid().expect("a group"),
            mtime: header.mtime().expect("a time"),
            size: entry.size(),
            link: link.map(|link| link.display().to_string()),
            sha256: encode_string(&Sha256::digest(&content)),
            head: content.iter().take(HEAD).copied().collect(),
        }
    }
}
