//! A file of a repository.

use std::io;
use std::path::Path;

use super::content::{Content, git_name};

/// Above this a file is in LFS whatever it is called (what the hub asks of those who upload).
const LFS_SIZE: u64 = 10 * 1024 * 1024;

/// The endings that the `.gitattributes` of a new repository puts in LFS.
const LFS_ENDINGS: [&str; 18] = [
    "7z",
    "arrow",
    "bin",
    "bz2",
    "ckpt",
    "gguf",
    "gz",
    "h5",
    "mlmodel",
    "msgpack",
    "npy",
    "npz",
    "onnx",
    "pickle",
    "pkl",
    "pt",
    "pth",
    "safetensors",
];

/// A file of a commit.
#[derive(Debug, Clone)]
pub(super) struct File {
    /// Below the repository, with `/`.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// What git calls it by: its bytes, or the pointer that stands for them.
    pub oid: String,
    /// In git LFS.
    pub lfs: Option<Pointer>,
    pub content: Content,
}

/// What git has in place of a file in LFS.
#[derive(Debug, Clone)]
pub(super) struct Pointer {
    pub sha256: String,
    /// Of the pointer itself, in bytes.
    pub size: usize,
}

impl File {
    pub(super) fn read(path: String, from: &Path) -> io::Result<Self> {
        let content = Content::read(from)?;
        let size = content.size()?;
        let digests = content.digests()?;
        let (oid, lfs) = if is_large(&path, size) {
            // https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
            let pointer = format!(
                "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {size}\n",
                digests.sha256
            );
            let sha256 = digests.sha256;
            let size = pointer.len();
            (git_name(&pointer), Some(Pointer { sha256, size }))
        } else {
            (digests.git, None)
        };
        Ok(Self {
            path,
            size,
            oid,
            lfs,
            content,
        })
    }

    /// Its entity tag: the digest that a client can check.
    /// A small file as a text.
    pub(super) fn text(&self) -> Option<String> {
        let length = self.content.size().ok()?.try_into().ok()?;
        String::from_utf8(self.content.open().ok()?.at(0, length).ok()?).ok()
    }

    pub(super) fn etag(&self) -> String {
        format!(
            "\"{}\"",
            self.lfs.as_ref().map_or(&self.oid, |pointer| &pointer.sha256)
        )
    }
}

fn is_large(path: &str, size: u64) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    size > LFS_SIZE || ending.is_some_and(|ending| LFS_ENDINGS.contains(&ending))
}
