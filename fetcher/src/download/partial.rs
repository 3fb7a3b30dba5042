//! An unfinished file: its bytes, which of them are there, and a lock, in a folder called by its digest.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FallocateFlags, FlockOperation, OFlags};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::ranges::Ranges;
use super::target::Target;
use crate::client::Error;
use crate::file::PARTIAL;

/// How often the lock of another process is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// See the module. The lock goes with it, also when the process is killed.
#[derive(Debug)]
pub(super) struct Partial {
    folder: PathBuf,
    size: u64,
    data: File,
    state: State,
    _lock: File,
}

/// What is written down beside the bytes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct State {
    /// The version that the bytes are of, by the server that gave them.
    pub(super) etag: Option<String>,
    /// The bytes that are in the file.
    pub(super) done: Ranges,
}

impl Partial {
    /// Opens what an earlier process left, or begins.
    pub(super) async fn open(parent: &Path, file: &crate::file::File, turn: Duration) -> Result<Self, Error> {
        let folder = parent.join(&file.sha256);
        let lock = locked(&folder, turn).await?;
        let data = data(&folder.join("data")).map_err(|error| Error::storage(&folder, &error))?;
        let mut partial = Self {
            state: State::default(),
            size: file.size,
            folder,
            data,
            _lock: lock,
        };
        partial.state = partial.read_state().unwrap_or_default();
        if partial.state.done == Ranges::default() {
            partial.clear()?;
        }
        Ok(partial)
    }

    /// The state, where it is one that fits the bytes.
    fn read_state(&self) -> Option<State> {
        let state: State = serde_json::from_slice(&fs::read(self.folder.join("state.json")).ok()?).ok()?;
        let fits = self.data.metadata().ok()?.len() == self.size && state.done.is_sound(self.size);
        fits.then_some(state)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn done(&self) -> &Ranges {
        &self.state.done
    }

    pub(super) fn etag(&self) -> Option<&str> {
        self.state.etag.as_deref()
    }

    /// Another handle of the bytes.
    pub(super) fn data(&self) -> Result<File, Error> {
        self.data.try_clone().map_err(|error| self.failed(&error))
    }

    /// The file from its start on, by which formats are known.
    pub(super) fn start(&self) -> impl Read {
        Start {
            data: &self.data,
            at: 0,
        }
    }

    /// Begins again. The disk says now, not after an hour, when it has no room.
    pub(super) fn clear(&mut self) -> Result<(), Error> {
        self.state = State::default();
        save(&self.folder, &self.state).map_err(|error| self.failed(&error))?;
        self.data.set_len(0).map_err(|error| self.failed(&error))?;
        if self.size == 0 {
            return Ok(());
        }
        match rustix::fs::fallocate(&self.data, FallocateFlags::empty(), 0, self.size) {
            Ok(()) => Ok(()),
            // Many network file systems cannot.
            Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {
                self.data.set_len(self.size).map_err(|error| self.failed(&error))
            }
            Err(error) => Err(self.failed(&error.into())),
        }
    }

    /// Gives the finished file its place and its name, durably.
    pub(super) fn keep(&mut self, target: &Target) -> Result<(), Error> {
        let path = target.path();
        let failed = |error: std::io::Error| Error::storage(&path, &error);
        finish(&self.data).map_err(failed)?;
        match fs::rename(self.folder.join("data"), &path) {
            Err(error) if error.kind() == ErrorKind::CrossesDevices => self.copy(&path).map_err(failed)?,
            moved => moved.map_err(failed)?,
        }
        File::open(target.folder())
            .and_then(|folder| folder.sync_all())
            .map_err(failed)
    }

    /// The copy has another name until it is whole.
    fn copy(&self, path: &Path) -> std::io::Result<()> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".modelcrate-copy");
        let whole = path.with_file_name(name);
        // Left by a process that was killed; nobody else is here, since we hold the lock.
        let _ = fs::remove_file(&whole);
        let mut copy = create(&whole, true)?;
        let copied = std::io::copy(&mut &File::open(self.folder.join("data"))?, &mut copy)
            .and_then(|_| finish(&copy))
            .and_then(|()| fs::rename(&whole, path));
        if copied.is_err() {
            let _ = fs::remove_file(&whole);
        }
        copied
    }

    /// The folder goes; and the one above it, when it was made for this and holds no other.
    pub(super) fn remove(self) {
        // What stays is found by the next process, and by people.
        let _ = fs::remove_dir_all(&self.folder);
        if let Some(parent) = self.folder.parent()
            && parent.file_name().is_some_and(|name| name == PARTIAL)
        {
            let _ = fs::remove_dir(parent);
        }
    }

    fn failed(&self, error: &std::io::Error) -> Error {
        Error::storage(&self.folder, error)
    }
}

/// Writes down what is there. The bytes are written before, so that a process that is killed between has less, never more.
pub(super) fn save(folder: &Path, state: &State) -> std::io::Result<()> {
    let new = folder.join("state.new");
    let _ = fs::remove_file(&new);
    create(&new, true)?.write_all(&serde_json::to_vec(state)?)?;
    fs::rename(new, folder.join("state.json"))
}

fn finish(data: &File) -> std::io::Result<()> {
    data.set_permissions(Permissions::from_mode(0o644))?;
    data.sync_all()
}

fn data(path: &Path) -> std::io::Result<File> {
    match create(path, true) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => create(path, false),
        created => created,
    }
}

/// Reads a file that others write and read at places of their own.
struct Start<'a> {
    data: &'a File,
    at: u64,
}

impl Read for Start<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.data.read_at(into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// A file of ours: new, or at least no link to somebody else's.
fn create(path: &Path, new: bool) -> std::io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(new)
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)?;
    let found = file.metadata()?;
    if !found.is_file() || found.nlink() > 1 {
        return Err(std::io::Error::other("it is not a file of our own"));
    }
    Ok(file)
}

/// The folder, made where it is not there, with its lock held.
async fn locked(folder: &Path, turn: Duration) -> Result<File, Error> {
    let end = tokio::time::Instant::now() + turn;
    let failed = |error: std::io::Error| Error::storage(folder, &error);
    let path = folder.join("lock");
    loop {
        if let Some(parent) = folder.parent() {
            private(parent).map_err(failed)?;
        }
        private(folder).map_err(failed)?;
        match try_lock(&path) {
            Ok(Some(lock)) => return Ok(lock),
            // Whoever had it has removed the folder meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(error)),
            Ok(None) if tokio::time::Instant::now() >= end => return Err(Error::Busy { lock: path }),
            Ok(None) => tokio::time::sleep(LOOK).await,
        }
    }
}

/// `None` while another process holds it, or when the file that was locked is no longer the one of this name.
fn try_lock(path: &Path) -> std::io::Result<Option<File>> {
    let lock = data(path)?;
    match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => return Ok(None),
        locked => locked?,
    }
    let (held, named) = (lock.metadata()?, path.symlink_metadata()?);
    Ok((held.ino() == named.ino() && held.dev() == named.dev()).then_some(lock))
}

/// A folder that nobody else may enter.
fn private(folder: &Path) -> std::io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return DirBuilder::new().recursive(true).mode(0o700).create(folder);
        }
        made => return made,
    }
    let found = folder.symlink_metadata()?;
    // Others cannot make a folder that root trusts; who is not root cannot enter one that others closed.
    let foreign = rustix::process::geteuid().is_root() && found.uid() != 0;
    if !found.is_dir() || foreign {
        return Err(std::io::Error::other("it is not a folder of our own"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(size: u64) -> crate::file::File {
        crate::file::File {
            path: "a".into(),
            size,
            sha256: "a".repeat(64),
        }
    }

    async fn open(parent: &Path, size: u64) -> Result<Partial, Error> {
        Partial::open(parent, &file(size), Duration::from_millis(300)).await
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    }

    #[test]
    fn what_a_process_left_is_found_when_it_fits() {
        let folder = tempfile::tempdir().unwrap();
        runtime().block_on(async {
            let partial = open(folder.path(), 100).await.unwrap();
            let mut state = State::default();
            state.done.insert(0..40);
            save(partial.folder(), &state).unwrap();
            assert_eq!(partial.data.metadata().unwrap().len(), 100);
            drop(partial);
            assert_eq!(open(folder.path(), 100).await.unwrap().done().total(), 40);
            // Another size, and a state that is none.
            assert_eq!(open(folder.path(), 90).await.unwrap().done().total(), 0);
            fs::write(folder.path().join("a".repeat(64)).join("state.json"), "{").unwrap();
            assert_eq!(open(folder.path(), 90).await.unwrap().done().total(), 0);
        });
    }

    #[test]
    fn one_process_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        runtime().block_on(async {
            let first = open(folder.path(), 1).await.unwrap();
            assert_eq!(open(folder.path(), 1).await.unwrap_err().exit().code(), 8);
            first.remove();
            assert!(open(folder.path(), 1).await.is_ok());
        });
    }

    #[test]
    fn nobody_leads_us_to_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("a".repeat(64));
        fs::create_dir(&own).unwrap();
        fs::write(folder.path().join("victim"), "precious").unwrap();
        std::os::unix::fs::symlink(folder.path().join("victim"), own.join("data")).unwrap();
        let refused = runtime().block_on(open(folder.path(), 1)).unwrap_err();
        assert_eq!(refused.exit().code(), 7);
        assert_eq!(fs::read(folder.path().join("victim")).unwrap(), b"precious");
    }

    #[test]
    fn others_may_not_look_inside() {
        let folder = tempfile::tempdir().unwrap();
        let parent = folder.path().join(".modelcrate-partial");
        let partial = runtime().block_on(open(&parent, 1)).unwrap();
        for path in [&parent, &partial.folder] {
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        }
        partial.remove();
        assert!(!parent.exists());
    }
}
