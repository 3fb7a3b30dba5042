//! The bytes of a file.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base16ct::lower::encode_string;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

/// Above this, bytes stay where they are on disk.
const IN_MEMORY: u64 = 8 * 1024 * 1024;

/// Where the bytes are.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Memory(Arc<[u8]>),
    Disk(PathBuf),
}

/// The digests of some bytes, in hex.
pub(super) struct Digests {
    pub sha256: String,
    /// What git calls them by: the SHA-1 of `blob LENGTH NUL BYTES`.
    pub git: String,
}

impl Content {
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        if path.metadata()?.len() > IN_MEMORY {
            return Ok(Self::Disk(path.to_owned()));
        }
        Ok(Self::Memory(std::fs::read(path)?.into()))
    }

    pub(super) fn size(&self) -> io::Result<u64> {
        match self {
            Self::Memory(bytes) => Ok(bytes.len() as u64),
            Self::Disk(path) => Ok(path.metadata()?.len()),
        }
    }

    pub(super) fn digests(&self) -> io::Result<Digests> {
        let (mut sha256, mut git) = (Sha256::new(), Sha1::new());
        git.update(format!("blob {}\0", self.size()?));
        let mut each = |bytes: &[u8]| {
            sha256.update(bytes);
            git.update(bytes);
        };
        match self {
            Self::Memory(bytes) => each(bytes),
            Self::Disk(path) => in_pieces(path, &mut each)?,
        }
        Ok(Digests {
            sha256: encode_string(&sha256.finalize()),
            git: encode_string(&git.finalize()),
        })
    }

    /// Opens it for reading at any place.
    pub(super) fn open(&self) -> io::Result<Opened> {
        Ok(match self {
            Self::Memory(bytes) => Opened::Memory(Arc::clone(bytes)),
            Self::Disk(path) => Opened::Disk(File::open(path)?),
        })
    }
}

/// Bytes that can be read.
pub(super) enum Opened {
    Memory(Arc<[u8]>),
    Disk(File),
}

impl Opened {
    /// `length` bytes from `position` on, all of which are there.
    pub(super) fn at(&self, position: u64, length: usize) -> io::Result<Vec<u8>> {
        match self {
            Self::Memory(bytes) => {
                let from = usize::try_from(position).map_err(io::Error::other)?;
                Ok(bytes[from..from + length].to_vec())
            }
            Self::Disk(file) => {
                let mut bytes = vec![0; length];
                file.read_exact_at(&mut bytes, position)?;
                Ok(bytes)
            }
        }
    }
}

/// What git calls a short text by.
pub(super) fn git_name(text: &str) -> String {
    encode_string(&Sha1::digest(format!("blob {}\0{text}", text.len())))
}

fn in_pieces(path: &Path, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; 1024 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(()),
            length => each(&piece[..length]),
        }
    }
}
