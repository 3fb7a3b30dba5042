//! Where the parts of a file come from.

use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use modelcrate_fetcher::client::Remote;
use modelcrate_fetcher::download::{self, Target};
use modelcrate_fetcher::file::File;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::parts::Parts;
use crate::failure::Failure;

/// A file that is read part by part. The end comes only when the file is what was promised.
pub enum Source {
    /// The hub, by way of memory alone.
    Hub(Box<download::Parts>),
    /// A disk, where the file was checked.
    Disk {
        /// It has no name any more.
        file: Arc<std::fs::File>,
        /// How it is cut.
        parts: Parts,
        /// The part that is next.
        next: usize,
        /// Memory, in parts.
        memory: Arc<Semaphore>,
    },
}

/// A part in memory.
#[derive(Debug)]
pub struct Piece {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its share of the memory, given back with it.
    pub room: Option<OwnedSemaphorePermit>,
}

impl Source {
    /// The file on the hub.
    pub fn hub(remote: &Remote, file: &File, memory: &Arc<Semaphore>, progress: &download::Progress) -> Self {
        let length = Parts::of(file.size).length();
        let parts = download::Parts::new(remote, file, length, Arc::clone(memory), progress);
        Self::Hub(Box::new(parts))
    }

    /// Brings the file from the hub onto a disk, where it is checked.
    ///
    /// # Errors
    /// When it cannot be had, is not what was promised, or the disk does not take it.
    pub async fn disk(
        remote: &Remote,
        file: &File,
        folder: &Path,
        memory: &Arc<Semaphore>,
        progress: &download::Progress,
    ) -> Result<Self, Failure> {
        // The digest cannot lead elsewhere, as a path could.
        let target = Target::new(folder, &file.sha256)?;
        download::to_file(remote, file, &target, None, progress).await?;
        Ok(Self::Disk {
            file: Arc::new(opened(&target.path())?),
            parts: Parts::of(file.size),
            next: 0,
            memory: Arc::clone(memory),
        })
    }

    /// The next part; `None` at the end.
    ///
    /// # Errors
    /// When it cannot be had, and at the end when the file is not what was promised.
    pub async fn next(&mut self) -> Result<Option<Piece>, Failure> {
        match self {
            Self::Hub(parts) => {
                let part = parts.next().await?;
                Ok(part.map(|part| Piece {
                    bytes: part.bytes,
                    room: Some(part.permit),
                }))
            }
            Self::Disk { parts, next, .. } if *next == parts.count() => Ok(None),
            Self::Disk {
                file,
                parts,
                next,
                memory,
            } => {
                // It is closed by nobody.
                let room = Arc::clone(memory).acquire_owned().await.ok();
                let (range, file) = (parts.range(*next), Arc::clone(file));
                let read = tokio::task::spawn_blocking(move || {
                    let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap_or(usize::MAX)];
                    file.read_exact_at(&mut bytes, range.start).map(|()| bytes)
                });
                let bytes = super::joined(read.await).map_err(|error| unreadable(&error))?;
                *next += 1;
                Ok(Some(Piece {
                    bytes: bytes.into(),
                    room,
                }))
            }
        }
    }
}

/// Opens the file and takes its name away: what is open stays readable, and nothing is left of it when the process is killed.
fn opened(path: &Path) -> Result<std::fs::File, Failure> {
    let opened = std::fs::File::open(path).and_then(|file| std::fs::remove_file(path).map(|()| file));
    opened.map_err(|error| unreadable(&error))
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::disk("what was downloaded cannot be read again", error)
}
