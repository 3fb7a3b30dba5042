//! Brings a file of which size and digest are known onto a disk, or to another sink.
//!
//! [`to_file`] writes what several connections bring into one file, while a thread behind them takes its SHA-256; what came is
//! written down beside it, so that a process that was killed goes on where it was. [`Parts`] gives the same bytes in order to
//! whoever wants them elsewhere. Either way nothing is called by its name, and nothing comes to its end, before the digest is right.
//!
//! Memory: [`to_file`] holds what the connections' buffers hold, below 64 MiB; [`Parts`] what its [`Memory`] has room for.

mod board;
mod follower;
mod lanes;
mod memory;
mod packed;
mod partial;
mod parts;
mod pieces;
mod progress;
mod ranges;
mod target;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

pub use memory::{Memory, Room};
pub use packed::from_archive;
pub use parts::{Part, Parts};
pub use progress::Progress;
pub use target::Target;

use modelcrate_checker::format;

use crate::client::{Error, Remote};
use crate::file::File;
use board::Board;
use follower::Follower;
use lanes::{Stop, Work};
use partial::Partial;

/// How a file came to be where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// It was there, and its digest is right.
    WasThere,
    /// It was downloaded.
    Downloaded,
}

/// Brings a file to its place. What is there already is hashed and kept; what another process brought in part is completed.
///
/// `partial` is where unfinished files lie, each in a folder by its digest; `None` is a hidden folder beside the file. Where it is
/// on another file system, the finished file is copied. Another process that brings the same file is waited for.
///
/// # Errors
/// With what went wrong after all tries. Nothing is at `target` then that was not there before.
pub async fn to_file(
    remote: &Remote,
    file: &File,
    target: &Target,
    partial: Option<&Path>,
    progress: &Progress,
) -> Result<Brought, Error> {
    if target.holds(file).await? {
        progress.resume(file.size);
        return Ok(Brought::WasThere);
    }
    target.make_parents()?;
    let hidden = target.hidden();
    let parent = partial.unwrap_or(&hidden);
    let mut partial = Partial::open(parent, file, remote.client().settings().turn).await?;
    // Whoever had the lock may have brought it.
    let brought = if target.holds(file).await? {
        progress.resume(file.size);
        Brought::WasThere
    } else {
        bring(remote, file, &mut partial, progress).await?;
        partial.keep(target)?;
        Brought::Downloaded
    };
    partial.remove();
    Ok(brought)
}

/// Completes the partial file. When what an earlier process left does not fit, it begins again, once.
async fn bring(
    remote: &Remote,
    file: &File,
    partial: &mut Partial,
    progress: &Progress,
) -> Result<(), Error> {
    let mut again = true;
    loop {
        let resumed = partial.done().total() > 0;
        match attempt(remote, file, partial, progress).await {
            Ok(()) => return Ok(()),
            Err(Stop::Changed) if again => {}
            Err(Stop::Failed(error @ Error::Integrity { .. })) => {
                partial.clear()?;
                if !(resumed && again) {
                    return Err(error);
                }
            }
            Err(Stop::Failed(error)) => return Err(error),
            Err(Stop::Changed) => {
                return Err(Error::Network {
                    address: remote.address(),
                    problem: "the file changes while it is read".into(),
                });
            }
        }
        again = false;
        partial.clear()?;
        progress.resume(0);
    }
}

async fn attempt(
    remote: &Remote,
    file: &File,
    partial: &mut Partial,
    progress: &Progress,
) -> Result<(), Stop> {
    progress.resume(partial.done().total());
    let board = Arc::new(Board::new(partial.done().clone()));
    let follower = Follower::start(&board, partial.data()?, file.size);
    let work = Arc::new(Work::new(remote, file, partial, &board, progress)?);
    let result = lanes::run(&work).await;
    if result.is_err() {
        board.stop();
    }
    work.save();
    let sha256 = follower.digest().await;
    result?;
    let sha256 = sha256.map_err(|error| Stop::Failed(Error::storage(partial.folder(), &error)))?;
    check(file, sha256.as_deref(), partial.start()).map_err(Stop::Failed)
}

/// Digest and format of a whole file of the right size, which is read from its start where that is needed.
fn check(file: &File, sha256: Option<&str>, start: impl Read) -> Result<(), Error> {
    check_digest(file, sha256)?;
    let checked = format::check_header(&file.path, start, file.size);
    let checked = checked.map_err(|error| Error::storage(Path::new(&file.path), &error))?;
    checked.map_err(|why| wrong(file, why.to_string()))
}

/// The same of one that is not kept: its first bytes say whether it may be of its format.
fn check_head(file: &File, sha256: Option<&str>, head: &[u8]) -> Result<(), Error> {
    check_digest(file, sha256)?;
    format::check(&file.path, head, file.size).map_err(|why| wrong(file, why.to_string()))
}

fn check_digest(file: &File, sha256: Option<&str>) -> Result<(), Error> {
    match sha256 {
        Some(sha256) if sha256 == file.sha256 => Ok(()),
        other => {
            let found = other.unwrap_or("unknown");
            let problem = format!("its SHA-256 is {found}, {} was pinned", file.sha256);
            Err(wrong(file, problem))
        }
    }
}

fn wrong(file: &File, problem: String) -> Error {
    Error::Integrity {
        file: file.path.clone(),
        problem,
    }
}
