//! Takes the SHA-256 of a file while it comes: a thread reads back, in order, what the lanes have just written.
//!
//! What it reads is still in the page cache, so the disk is not asked again; what is hashed is what is in the file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;

use super::board::Board;
use crate::client::hexadecimal;

/// Bytes that are read at a time: they stay in the processor's cache.
const STEP: usize = 256 << 10;

/// The thread. Where nobody waits for it any more, because another file of the model failed, it ends.
pub(super) struct Follower {
    board: Arc<Board>,
    thread: JoinHandle<io::Result<Option<String>>>,
}

impl Follower {
    /// Follows what is said to the board, up to `size` bytes.
    pub(super) fn start(board: &Arc<Board>, data: File, size: u64) -> Self {
        let followed = board.clone();
        Self {
            board: board.clone(),
            thread: tokio::task::spawn_blocking(move || follow(&followed, &data, size)),
        }
    }

    /// The digest of all bytes; `None` when the board was stopped before they had come.
    pub(super) async fn digest(mut self) -> io::Result<Option<String>> {
        (&mut self.thread).await.map_err(io::Error::other)?
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.board.stop();
    }
}

fn follow(board: &Board, data: &File, size: u64) -> io::Result<Option<String>> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; STEP];
    let mut at = 0;
    while at < size {
        let Some(end) = board.wait(at, size) else {
            return Ok(None);
        };
        hash_range(data, &mut hash, &mut buffer, at, end)?;
        at = end;
    }
    Ok(Some(hexadecimal(&hash.finalize())))
}

/// The digest of a whole file.
pub(super) fn digest(data: &File, size: u64) -> io::Result<String> {
    let mut hash = Sha256::new();
    hash_range(data, &mut hash, &mut vec![0; STEP], 0, size)?;
    Ok(hexadecimal(&hash.finalize()))
}

fn hash_range(data: &File, hash: &mut Sha256, buffer: &mut [u8], mut at: u64, end: u64) -> io::Result<()> {
    while at < end {
        let length = buffer.len().min(usize::try_from(end - at).unwrap_or(usize::MAX));
        data.read_exact_at(&mut buffer[..length], at)?;
        hash.update(&buffer[..length]);
        at += length as u64;
    }
    Ok(())
}
