//! Where the parts of a file come from.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use modelcrate_fetcher::client::Remote;
use modelcrate_fetcher::download::{self, Memory, Target};
use modelcrate_fetcher::file::File;

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
        /// The part that is next: where the file is read on.
        next: usize,
        /// Where parts are read to.
        memory: Memory,
    },
}

impl Source {
    /// The file on the hub.
    pub fn hub(remote: &Remote, file: &File, memory: &Memory, progress: &download::Progress) -> Self {
        let length = Parts::of(file.size).length();
        let parts = download::Parts::new(remote, file, length, memory, progress);
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
        memory: &Memory,
        progress: &download::Progress,
    ) -> Result<Self, Failure> {
        // The digest cannot lead elsewhere, as a path could.
        let target = Target::new(folder, &file.sha256)?;
        download::to_file(remote, file, &target, None, progress).await?;
        Ok(Self::Disk {
            file: Arc::new(opened(&target.path())?),
            parts: Parts::of(file.size),
            next: 0,
            memory: memory.clone(),
        })
    }

    /// The next part; `None` at the end. Its memory goes back when it is dropped.
    ///
    /// # Errors
    /// When it cannot be had, and at the end when the file is not what was promised.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        match self {
            Self::Hub(parts) => Ok(parts.next().await?.map(|part| part.bytes)),
            Self::Disk {
                file,
                parts,
                next,
                memory,
            } => {
                if *next == parts.count() {
                    return Ok(None);
                }
                let mut room = memory.room().await;
                let (range, file) = (parts.range(*next), Arc::clone(file));
                let read = tokio::task::spawn_blocking(move || {
                    let length = range.end - range.start;
                    let read = file.as_ref().take(length).read_to_end(room.bytes())?;
                    match read as u64 == length {
                        true => Ok(room.freeze()),
                        false => Err(io::ErrorKind::UnexpectedEof.into()),
                    }
                });
                let bytes = super::joined(read.await).map_err(|error: io::Error| unreadable(&error))?;
                *next += 1;
                Ok(Some(bytes))
            }
        }
    }
}

/// Opens the file and takes its name away: what is open stays readable, and nothing is left of it when the process is killed.
fn opened(path: &Path) -> Result<std::fs::File, Failure> {
    let opened = std::fs::File::open(path).and_then(|file| std::fs::remove_file(path).map(|()| file));
    opened.map_err(|error| unreadable(&error))
}

fn unreadable(error: &io::Error) -> Failure {
    Failure::disk("what was downloaded cannot be read again", error)
}
