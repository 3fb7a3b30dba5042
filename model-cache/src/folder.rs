//! A folder for files on their way: nobody else may look into it, and it goes away with the process.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError, remove_dir_all};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What the names of these folders start with.
const PREFIX: &str = ".model-cache-";
/// The file in them that their process keeps locked for as long as it lives.
const LOCK: &str = "lock";

/// A folder of this process.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes one below `parent`, and deletes those of processes that were killed.
    ///
    /// # Errors
    /// When `parent` is not there or may not be written to.
    pub fn new(parent: &Path) -> io::Result<Self> {
        sweep(parent);
        let name = format!("{PREFIX}{:016x}", RandomState::new().hash_one(std::process::id()));
        let path = parent.join(name);
        DirBuilder::new().mode(0o700).create(&path)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path.join(LOCK))?;
        file.lock()?;
        Ok(Self { path, _lock: file })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The next one sweeps what cannot be deleted now.
        let _ = remove_dir_all(&self.path);
    }
}

/// Deletes what killed processes left. Failing that, the disk is as full as it was.
fn sweep(parent: &Path) {
    let Ok(entries) = parent.read_dir() else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if ours && is_left(&entry.path()) {
            let _ = remove_dir_all(entry.path());
        }
    }
}

/// Whether no process keeps its lock. Between a folder and its lock is a moment: a folder without one is left alone.
fn is_left(folder: &Path) -> bool {
    let lock = File::open(folder.join(LOCK));
    lock.is_ok_and(|file| !matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn it_is_for_its_owner_alone_and_goes_away() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::new(parent.path()).unwrap();
        let mode = folder.path().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        drop(folder);
        assert_eq!(parent.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_process_left_is_deleted_and_what_a_living_one_has_is_not() {
        let parent = tempfile::tempdir().unwrap();
        let living = Folder::new(parent.path()).unwrap();
        let left = parent.path().join(".model-cache-left");
        std::fs::create_dir(&left).unwrap();
        std::fs::write(left.join(LOCK), "").unwrap();
        std::fs::write(left.join("weights"), "x").unwrap();
        let folder = Folder::new(parent.path()).unwrap();
        assert!(!left.exists() && living.path().exists() && folder.path().exists());
    }
}
