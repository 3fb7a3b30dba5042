//! A file for a sink that is no file: its bytes in order, a part at a time, several under way at once.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;

use super::memory::{Memory, Room};
use super::progress::Progress;
use crate::client::{Body, Error, Failure, Remote, Tries, hexadecimal};
use crate::file::File;
use modelcrate_checker::format::HEAD;

/// A file, part by part. The end, `Ok(None)`, comes only when size, digest and format are right: what was made of the parts counts
/// from then on and not before.
///
/// Each part that is under way or in the caller's hands takes one room of the memory, which files share. The caller must not wait
/// for a part of one file while it holds all rooms.
pub struct Parts {
    remote: Remote,
    file: File,
    part: u64,
    memory: Memory,
    progress: Progress,
    under_way: VecDeque<(Range<u64>, UnderWay)>,
    lanes: usize,
    /// The first byte of the next part that is not under way.
    ahead: u64,
    /// The first byte of the next part that is given.
    at: u64,
    hash: Sha256,
    head: Vec<u8>,
    whole: Option<Whole>,
}

/// Some bytes of a file.
#[derive(Debug)]
pub struct Part {
    /// The first byte's place in the file.
    pub offset: u64,
    /// The bytes: as many as were asked for, fewer at the end of the file. Their room goes back with the last of them.
    pub bytes: Bytes,
}

/// Ends when nobody waits for it.
struct UnderWay(JoinHandle<Result<Part, Missed>>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Why a part is not there.
enum Missed {
    /// The server gives the whole file, whatever it is asked for.
    NoRanges(Option<u64>),
    /// It may be that the server lets only one connection read a file.
    Denied,
    Failed(Error),
}

/// A server that gives only whole files.
#[derive(Default)]
struct Whole {
    body: Option<Body>,
    /// Where the body is.
    at: u64,
    carry: Bytes,
}

impl Parts {
    /// Begins when it is asked for the first part. `part` is the size of each part but the last, in bytes, at least 1;
    /// the memory has room for that.
    pub fn new(remote: &Remote, file: &File, part: u64, memory: &Memory, progress: &Progress) -> Self {
        Self {
            lanes: 1,
            remote: remote.clone(),
            file: file.clone(),
            part: part.max(1),
            memory: memory.clone(),
            progress: progress.clone(),
            under_way: VecDeque::new(),
            ahead: 0,
            at: 0,
            hash: Sha256::new(),
            head: Vec::new(),
            whole: None,
        }
    }

    /// The next part; `None` at the end of a file that is right.
    ///
    /// # Errors
    /// With what went wrong after all tries; whatever was made of the parts must then be thrown away.
    pub async fn next(&mut self) -> Result<Option<Part>, Error> {
        if self.at == self.file.size {
            let sha256 = hexadecimal(&self.hash.clone().finalize());
            super::check_head(&self.file, Some(&sha256), &self.head)?;
            return Ok(None);
        }
        let mut part = self.following().await?;
        self.at = part.offset + part.bytes.len() as u64;
        self.progress.add(part.bytes.len() as u64);
        part.bytes = self.hashed(part.bytes).await?;
        Ok(Some(part))
    }

    /// Hashes on a thread of its own: 16 MiB take some milliseconds, in which connections should not wait.
    async fn hashed(&mut self, bytes: Bytes) -> Result<Bytes, Error> {
        let more = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..more]);
        let mut hash = std::mem::take(&mut self.hash);
        let hashed = tokio::task::spawn_blocking(move || {
            hash.update(&bytes);
            (hash, bytes)
        });
        let (hash, bytes) = hashed.await.map_err(|error| self.problem(&error.to_string()))?;
        self.hash = hash;
        Ok(bytes)
    }

    async fn following(&mut self) -> Result<Part, Error> {
        if self.whole.is_some() {
            let room = self.memory.room().await;
            return self.sequential(room).await;
        }
        self.fill().await?;
        let Some((range, mut under_way)) = self.under_way.pop_front() else {
            return Err(self.problem("no part is under way"));
        };
        let ended = (&mut under_way.0).await;
        match ended.map_err(|error| self.problem(&error.to_string()))? {
            Ok(part) => {
                // The server knows ranges, and lets several be read at once until it says otherwise.
                if self.at == 0 {
                    self.lanes = self.remote.client().settings().lanes.max(1);
                }
                Ok(part)
            }
            Err(Missed::Failed(error)) => Err(error),
            Err(Missed::Denied) => {
                self.alone(range.start);
                Box::pin(self.following()).await
            }
            Err(Missed::NoRanges(size)) => {
                self.is_size(size)?;
                self.alone(range.start);
                self.whole = Some(Whole::default());
                Box::pin(self.following()).await
            }
        }
    }

    /// One connection from here on.
    fn alone(&mut self, at: u64) {
        self.under_way.clear();
        self.ahead = at;
        self.lanes = 1;
    }

    /// Puts parts under way: the one that is needed, and more as far as lanes and memory go.
    async fn fill(&mut self) -> Result<(), Error> {
        while self.ahead < self.file.size && self.under_way.len() < self.lanes {
            let room = match self.under_way.is_empty() {
                true => self.memory.room().await,
                false => match self.memory.room_now() {
                    Some(room) => room,
                    None => return Ok(()),
                },
            };
            let range = self.ahead..(self.ahead + self.part).min(self.file.size);
            self.ahead = range.end;
            let alone = self.lanes == 1;
            let task = fetch(self.remote.clone(), self.file.clone(), range.clone(), alone, room);
            self.under_way.push_back((range, UnderWay(tokio::spawn(task))));
        }
        Ok(())
    }

    /// The next part of a body that holds the whole file. After a cut it comes from its start again, and what was given is dropped.
    async fn sequential(&mut self, mut room: Room) -> Result<Part, Error> {
        let end = (self.at + self.part).min(self.file.size);
        let mut tries = Tries::new(self.remote.client().settings());
        let mut whole = self.whole.take().unwrap_or_default();
        let mut at = self.at;
        while at < end {
            match whole.next(&self.remote, &self.file, at, end).await {
                Ok(piece) => {
                    at += piece.len() as u64;
                    room.bytes().extend_from_slice(&piece);
                    tries.progressed();
                }
                Err(failure) => {
                    whole = Whole::default();
                    tries.wait(failure).await?;
                }
            }
        }
        self.whole = Some(whole);
        Ok(Part {
            offset: self.at,
            bytes: room.freeze(),
        })
    }

    fn is_size(&self, size: Option<u64>) -> Result<(), Error> {
        same_size(&self.file, size)
    }

    fn problem(&self, problem: &str) -> Error {
        Error::Network {
            address: self.remote.address(),
            problem: problem.into(),
        }
    }
}

impl Whole {
    /// Some bytes from `at` on, none beyond `end`.
    async fn next(&mut self, remote: &Remote, file: &File, at: u64, end: u64) -> Result<Bytes, Failure> {
        loop {
            while self.carry.is_empty() {
                self.more(remote, file).await?;
            }
            let skip = usize::try_from(at - self.at)
                .unwrap_or(usize::MAX)
                .min(self.carry.len());
            self.take(skip);
            if self.carry.is_empty() {
                continue;
            }
            let most = usize::try_from(end - at)
                .unwrap_or(usize::MAX)
                .min(self.carry.len());
            return Ok(self.take(most));
        }
    }

    fn take(&mut self, bytes: usize) -> Bytes {
        self.at += bytes as u64;
        self.carry.split_to(bytes)
    }

    async fn more(&mut self, remote: &Remote, file: &File) -> Result<(), Failure> {
        let body = match &mut self.body {
            Some(body) => body,
            None => {
                let got = remote.get(0..file.size, None).await?;
                same_size(file, got.size).map_err(Failure::never)?;
                self.body.insert(got.body)
            }
        };
        let ended = || Error::Network {
            address: remote.address(),
            problem: "the answer ended early".into(),
        };
        self.carry = body.next().await?.ok_or_else(|| Failure::later(ended()))?;
        Ok(())
    }
}

fn same_size(file: &File, size: Option<u64>) -> Result<(), Error> {
    match size {
        Some(size) if size != file.size => Err(Error::Integrity {
            file: file.path.clone(),
            problem: format!("the server has {size} bytes, {} were pinned", file.size),
        }),
        _ => Ok(()),
    }
}

async fn fetch(
    remote: Remote,
    file: File,
    range: Range<u64>,
    alone: bool,
    mut room: Room,
) -> Result<Part, Missed> {
    let mut tries = Tries::new(remote.client().settings());
    loop {
        let bytes = room.bytes();
        let before = bytes.len();
        let result = add(&remote, &file, &range, bytes).await;
        let (more, nothing) = (bytes.len() > before, bytes.is_empty());
        if more {
            tries.progressed();
        }
        match result {
            Ok(()) => {
                return Ok(Part {
                    offset: range.start,
                    bytes: room.freeze(),
                });
            }
            Err(Ok(size)) => return Err(Missed::NoRanges(size)),
            Err(Err(failure)) if failure.is_denial() && !alone && nothing => {
                return Err(Missed::Denied);
            }
            Err(Err(failure)) => tries.wait(failure).await.map_err(Missed::Failed)?,
        }
    }
}

/// Adds what is missing of a range. The error is a failure, or the size of a file that comes only as a whole.
async fn add(
    remote: &Remote,
    file: &File,
    range: &Range<u64>,
    bytes: &mut Vec<u8>,
) -> Result<(), Result<Option<u64>, Failure>> {
    let at = range.start + bytes.len() as u64;
    let got = remote.get(at..range.end, None).await.map_err(Err)?;
    if !got.ranged {
        return Err(Ok(got.size));
    }
    same_size(file, got.size).map_err(|error| Err(Failure::never(error)))?;
    let mut body = got.body;
    while let Some(piece) = body.next().await.map_err(Err)? {
        let room = usize::try_from(range.end - range.start).unwrap_or(usize::MAX) - bytes.len();
        bytes.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    match range.start + bytes.len() as u64 == range.end {
        true => Ok(()),
        false => Err(Err(Failure::later(Error::Network {
            address: remote.address(),
            problem: "the answer ended early".into(),
        }))),
    }
}
