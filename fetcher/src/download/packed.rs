//! A file that lies in an archive on this machine.

use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io::Seek;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{Brought, Progress, Target, check};
use crate::archive;
use crate::client::Error;
use crate::file::File;

/// Takes a file out of an archive to its place; nothing where the archive does not have it.
///
/// # Errors
/// When it cannot be written, or is another than was pinned. Nothing is at `target` then that was not there before.
pub async fn from_archive(
    packed: &Path,
    file: &File,
    target: &Target,
    progress: &Progress,
) -> Result<Option<Brought>, Error> {
    if target.holds(file).await? {
        progress.resume(file.size);
        return Ok(Some(Brought::WasThere));
    }
    target.make_parents()?;
    let place = target.path();
    let work = (packed.to_owned(), file.clone(), target.clone());
    let taken = tokio::task::spawn_blocking(move || taken(&work.0, &work.1, &work.2));
    let taken = taken.await.map_err(|error| Error::Storage {
        place: place.display().to_string(),
        problem: error.to_string(),
    })??;
    if taken.is_some() {
        progress.resume(file.size);
    }
    Ok(taken)
}

fn taken(packed: &Path, file: &File, target: &Target) -> Result<Option<Brought>, Error> {
    let hidden = target.hidden();
    let made = DirBuilder::new().recursive(true).mode(0o755).create(&hidden);
    made.map_err(|error| Error::storage(&hidden, &error))?;
    let unfinished = Unfinished(hidden.join(format!("{}.{}", file.sha256, std::process::id())));
    let failed = |error: std::io::Error| Error::storage(&unfinished.0, &error);
    let mut options = OpenOptions::new();
    let mut data = options
        .read(true)
        .write(true)
        .create_new(true)
        .open(&unfinished.0)
        .map_err(failed)?;
    let Some((size, sha256)) = archive::take(packed, &file.path, &mut data)? else {
        return Ok(None);
    };
    data.rewind().map_err(failed)?;
    check(
        file,
        Some(&sha256).filter(|_| size == file.size).map(String::as_str),
        &data,
    )?;
    data.set_permissions(Permissions::from_mode(0o644))
        .map_err(failed)?;
    data.sync_all().map_err(failed)?;
    std::fs::rename(&unfinished.0, target.path()).map_err(failed)?;
    Ok(Some(Brought::Downloaded))
}

/// Goes away with its folder, if that is empty then.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Where it has its name already there is nothing to remove.
        let _ = std::fs::remove_file(&self.0);
        let _ = self.0.parent().map(std::fs::remove_dir);
    }
}
