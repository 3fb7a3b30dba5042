//! Where a file goes.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::follower;
use crate::client::Error;
use crate::file::{File, PARTIAL, is_clean};

/// A path below a folder that is trusted. What lies between may have been put there by anybody: no link is followed.
#[derive(Debug, Clone)]
pub struct Target {
    root: PathBuf,
    path: String,
}

impl Target {
    /// The file `path` below `root`.
    ///
    /// # Errors
    /// For a path that leaves the folder.
    pub fn new(root: &Path, path: &str) -> Result<Self, Error> {
        if !is_clean(path) {
            return Err(Error::Usage {
                problem: format!("`{}` is no path below a folder", path.escape_default()),
                fix: "look at what the source calls its files".into(),
            });
        }
        Ok(Self {
            root: root.to_owned(),
            path: path.to_owned(),
        })
    }

    /// The whole path.
    pub fn path(&self) -> PathBuf {
        self.root.join(&self.path)
    }

    /// The folder beside the file where it is put together.
    pub(super) fn hidden(&self) -> PathBuf {
        self.folder().join(PARTIAL)
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.path()
            .parent()
            .map_or_else(|| self.root.clone(), Path::to_owned)
    }

    /// Makes the folders above the file: 0755, like every folder of an image.
    pub(super) fn make_parents(&self) -> Result<(), Error> {
        if !self.root.is_dir() {
            let made = DirBuilder::new().recursive(true).mode(0o755).create(&self.root);
            made.map_err(|error| Error::storage(&self.root, &error))?;
        }
        let mut folder = self.root.clone();
        let mut parts: Vec<&str> = self.path.split('/').collect();
        parts.pop();
        for part in parts {
            folder.push(part);
            make(&folder)?;
        }
        Ok(())
    }

    /// Whether the file is there as it should be: its bytes are hashed.
    ///
    /// # Errors
    /// When there is no thread for it.
    pub async fn holds(&self, file: &File) -> Result<bool, Error> {
        let path = self.path();
        let (size, sha256) = (file.size, file.sha256.clone());
        let hashed = tokio::task::spawn_blocking(move || {
            let Some(data) = open_plain(&path) else {
                return false;
            };
            data.metadata()
                .is_ok_and(|data| data.is_file() && data.len() == size)
                && follower::digest(&data, size).is_ok_and(|digest| digest == sha256)
        });
        hashed.await.map_err(|error| Error::Storage {
            place: self.path().display().to_string(),
            problem: error.to_string(),
        })
    }
}

fn open_plain(path: &Path) -> Option<std::fs::File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(flags).open(path).ok()
}

fn make(folder: &Path) -> Result<(), Error> {
    match DirBuilder::new().mode(0o755).create(folder) {
        Ok(()) => {
            // Whatever the umask is.
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(folder, mode).map_err(|error| Error::storage(folder, &error))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let there = folder
                .symlink_metadata()
                .map_err(|error| Error::storage(folder, &error))?;
            if there.is_dir() {
                return Ok(());
            }
            Err(Error::Storage {
                place: folder.display().to_string(),
                problem: "it is a link or a file where a folder must be".into(),
            })
        }
        Err(error) => Err(Error::storage(folder, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_does_not_leave_its_folder() {
        for path in ["../x", "/x", "a/../../x", ""] {
            assert!(Target::new(Path::new("/models"), path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_link_on_the_way_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("root")).unwrap();
        std::os::unix::fs::symlink("/tmp", folder.path().join("root/a")).unwrap();
        let root = folder.path().join("root");
        let refused = Target::new(&root, "a/file").unwrap().make_parents().unwrap_err();
        assert_eq!(refused.exit().code(), 7);
        Target::new(&root, "b/c/file").unwrap().make_parents().unwrap();
        assert!(root.join("b/c").is_dir());
    }
}
