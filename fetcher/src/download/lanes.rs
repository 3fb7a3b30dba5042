//! The connections of one download: each takes the next piece that is missing, until none is.

use std::collections::VecDeque;
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::board::Board;
use super::partial::{Partial, State, save};
use super::pieces::pieces;
use super::progress::Progress;
use crate::client::{Body, Error, Failure, Got, Remote, Tries};

/// How often it is written down what is there: what a killed process may have to bring again.
const SAVE: Duration = Duration::from_millis(500);

/// Why lanes stop before the end.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file is another one than that of which a part is there.
    Changed,
    /// After all tries.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What the lanes share.
pub(super) struct Work {
    remote: Remote,
    file: crate::file::File,
    data: File,
    folder: PathBuf,
    board: Arc<Board>,
    progress: Progress,
    queue: Mutex<Queue>,
    /// The other lanes wait here until the first one has seen that the server knows ranges.
    gate: Semaphore,
}

struct Queue {
    left: VecDeque<Range<u64>>,
    /// Lanes that will look at the queue again.
    active: usize,
    /// Lanes at the gate.
    waiting: usize,
    etag: Option<String>,
    saved: Instant,
}

/// Why a piece was not brought to its end.
enum Trouble {
    /// The server gives the whole file, whatever it is asked for.
    Whole(Body, Option<u64>),
    Changed,
    Failed(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Brings all that is missing.
pub(super) async fn run(work: &Arc<Work>) -> Result<(), Stop> {
    let mut lanes = JoinSet::new();
    let (active, waiting) = {
        let queue = work.queue();
        (queue.active, queue.waiting)
    };
    for number in 0..active + waiting {
        lanes.spawn(lane(work.clone(), number < active));
    }
    // Leaving early ends the others.
    while let Some(ended) = lanes.join_next().await {
        ended.map_err(|error| broken(work, &error.to_string()))??;
    }
    match work.board.gaps(0..work.file.size).is_empty() {
        true => Ok(()),
        false => Err(broken(work, "a lane ended before its work").into()),
    }
}

async fn lane(work: Arc<Work>, first: bool) -> Result<(), Stop> {
    if !first && work.gate.acquire().await.is_err() {
        return Ok(());
    }
    let mut tries = Tries::new(work.remote.client().settings());
    let mut brought = false;
    while let Some(piece) = work.take() {
        let mut at = piece.start;
        while at < piece.end {
            let before = at;
            let trouble = work.bring(&mut at, piece.end).await.err();
            if at > before {
                brought = true;
                tries.progressed();
            }
            match trouble {
                None => {}
                Some(Trouble::Changed) => return Err(Stop::Changed),
                Some(Trouble::Whole(body, size)) => {
                    if work.leave(at..piece.end) {
                        return Ok(());
                    }
                    return work.whole(body, size).await.map_err(Stop::Failed);
                }
                // Some servers let only one connection read a file.
                Some(Trouble::Failed(failure)) if failure.is_denial() && !brought => {
                    if work.leave(at..piece.end) {
                        return Ok(());
                    }
                    tries.wait(failure).await?;
                }
                Some(Trouble::Failed(failure)) => {
                    let denied = failure.is_denial();
                    match tries.wait(failure).await {
                        Err(_) if denied && work.leave(at..piece.end) => return Ok(()),
                        waited => waited?,
                    }
                }
            }
        }
    }
    Ok(())
}

impl Work {
    pub(super) fn new(
        remote: &Remote,
        file: &crate::file::File,
        partial: &Partial,
        board: &Arc<Board>,
        progress: &Progress,
    ) -> Result<Self, Error> {
        let most = remote.client().settings().lanes.max(1);
        let left = pieces(&partial.done().gaps(0..file.size), most);
        let lanes = left.len().min(most);
        let active = lanes.min(1);
        Ok(Self {
            remote: remote.clone(),
            file: file.clone(),
            data: partial.data()?,
            folder: partial.folder().to_owned(),
            board: board.clone(),
            progress: progress.clone(),
            queue: Mutex::new(Queue {
                left,
                active,
                waiting: lanes - active,
                etag: partial.etag().map(str::to_owned),
                saved: Instant::now(),
            }),
            gate: Semaphore::new(0),
        })
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece; after `None` the lane has ended.
    fn take(&self) -> Option<Range<u64>> {
        let mut queue = self.queue();
        let piece = queue.left.pop_front();
        if piece.is_none() {
            queue.active -= 1;
        }
        piece
    }

    /// Ends this lane and leaves its piece to others; `false` when there are none.
    fn leave(&self, piece: Range<u64>) -> bool {
        let mut queue = self.queue();
        if queue.active < 2 {
            return false;
        }
        queue.active -= 1;
        queue.left.push_front(piece);
        true
    }

    /// Brings bytes up to `end`; `at` moves with them.
    async fn bring(&self, at: &mut u64, end: u64) -> Result<(), Trouble> {
        let etag = self.queue().etag.clone();
        let got = self.remote.get(*at..end, etag.as_deref()).await?;
        if !got.ranged {
            return Err(match etag {
                Some(_) => Trouble::Changed,
                None => Trouble::Whole(got.body, got.size),
            });
        }
        self.is_size(got.size)?;
        self.go_on(&got);
        let mut body = got.body;
        while *at < end {
            let Some(bytes) = body.next().await? else {
                return Err(Failure::later(self.problem("the answer ended early")).into());
            };
            let most = usize::try_from(end - *at).unwrap_or(usize::MAX).min(bytes.len());
            self.write(&bytes[..most], *at)?;
            *at += most as u64;
        }
        // The connection is used again only when its answer was read to the end.
        let _ = body.next().await;
        Ok(())
    }

    /// The server knows ranges: the other lanes may begin.
    fn go_on(&self, got: &Got) {
        let mut queue = self.queue();
        if queue.etag.is_none() {
            queue.etag.clone_from(&got.etag);
        }
        let waiting = std::mem::take(&mut queue.waiting);
        queue.active += waiting;
        self.gate.add_permits(waiting);
    }

    /// Brings the file from a server that gives it only as a whole. What is there stays; only what is missing is written.
    async fn whole(&self, body: Body, size: Option<u64>) -> Result<(), Error> {
        self.gate.close();
        let mut tries = Tries::new(self.remote.client().settings());
        let mut next = Some((body, size));
        loop {
            let before = self.board.done().total();
            let poured = match next.take() {
                Some((body, size)) => self.pour(body, size).await,
                None => match self.remote.get(0..self.file.size, None).await {
                    Ok(got) => self.pour(got.body, got.size).await,
                    Err(failure) => Err(failure),
                },
            };
            let Err(failure) = poured else {
                return Ok(());
            };
            if self.board.done().total() > before {
                tries.progressed();
            }
            tries.wait(failure).await?;
        }
    }

    async fn pour(&self, mut body: Body, size: Option<u64>) -> Result<(), Failure> {
        self.is_size(size)?;
        let mut at = 0;
        while let Some(bytes) = body.next().await? {
            let end = at + bytes.len() as u64;
            self.is_size((end > self.file.size).then_some(end))?;
            for gap in self.board.gaps(at..end) {
                let within = |offset: u64| usize::try_from(offset - at).unwrap_or(usize::MAX);
                self.write(&bytes[within(gap.start)..within(gap.end)], gap.start)?;
            }
            at = end;
        }
        match at == self.file.size {
            true => Ok(()),
            false => Err(Failure::later(self.problem("the answer ended early"))),
        }
    }

    /// An answer of another size is another file, or the page of an error.
    fn is_size(&self, size: Option<u64>) -> Result<(), Failure> {
        match size {
            Some(size) if size != self.file.size => Err(Failure::never(Error::Integrity {
                file: self.file.path.clone(),
                problem: format!("the server has {size} bytes, {} were pinned", self.file.size),
            })),
            _ => Ok(()),
        }
    }

    fn write(&self, bytes: &[u8], at: u64) -> Result<(), Failure> {
        let written = self.data.write_all_at(bytes, at);
        written.map_err(|error| Failure::never(Error::storage(&self.folder, &error)))?;
        self.board.insert(at..at + bytes.len() as u64);
        self.progress.add(bytes.len() as u64);
        let due = {
            let mut queue = self.queue();
            let due = queue.saved.elapsed() >= SAVE;
            if due {
                queue.saved = Instant::now();
            }
            due
        };
        if due {
            self.save();
        }
        Ok(())
    }

    /// Writes down what is there. Where that fails, the next process brings more than it must.
    pub(super) fn save(&self) {
        let queue = self.queue();
        let state = State {
            etag: queue.etag.clone(),
            done: self.board.done(),
        };
        let _ = save(&self.folder, &state);
    }

    fn problem(&self, problem: &str) -> Error {
        Error::Network {
            address: self.remote.address(),
            problem: problem.into(),
        }
    }
}

fn broken(work: &Work, problem: &str) -> Error {
    work.problem(problem)
}
