//! Bucket → volume: every byte is checked against the marker on its way, and the volume's own marker is written last.

use std::fs;
use std::io::Write;
use std::path::Path;

use modelcrate_fetcher::client::Client;
use modelcrate_fetcher::download::{self, Target};

use crate::bucket::Bucket;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::marker::{self, Marker, Stored};
use crate::presence::Presence;
use crate::progress::{Moved, Progress, Work};

/// Brings the model into a folder, unless it is there.
///
/// # Errors
/// With what kept it from being there. Files that were complete stay, those that were not have other names.
pub async fn pull(environment: &Environment, client: &Client, folder: &Path) -> Result<(), Failure> {
    let bucket = Bucket::new(environment, client)?;
    let presence = Presence::of(&bucket).await?;
    let Some(marker) = presence.whole(environment) else {
        return Err(Failure::new(
            Exit::Missing,
            format!(
                "{} does not have {} at {}: {}",
                bucket.place(),
                environment.model,
                environment.revision,
                presence.lack(environment)
            ),
            "run `model-cache` first: it brings the model into the bucket",
        ));
    };
    let before = read(folder);
    let missing: Vec<&Stored> = marker
        .files
        .iter()
        .filter(|stored| !is_there(before.as_ref(), stored, folder))
        .collect();
    if before.as_ref() != Some(marker) || !missing.is_empty() {
        forget(before.as_ref(), marker, folder)?;
        fetch(environment, client, &bucket, &missing, folder).await?;
        write(folder, marker)?;
    }
    eprintln!(
        "{} is in {}: commit {}, {} files, {} bytes",
        marker.model,
        folder.display(),
        marker.commit,
        marker.files.len(),
        marker.size()
    );
    Ok(())
}

/// What an earlier pull said that it had checked.
fn read(folder: &Path) -> Option<Marker> {
    Marker::read(&fs::read(folder.join(marker::NAME)).ok()?)
}

/// Whether an earlier pull checked this very file, and it still has its size.
fn is_there(before: Option<&Marker>, stored: &Stored, folder: &Path) -> bool {
    let known = before.is_some_and(|marker| marker.files.iter().any(|old| old.file == stored.file));
    let file = fs::symlink_metadata(folder.join(&stored.file.path));
    known && file.is_ok_and(|file| file.is_file() && file.len() == stored.file.size)
}

/// Deletes the files of an earlier pull that the model does not have any more: a server would load them too. The marker goes
/// after them, so that a process that is killed here leaves one that is not whole, and the next knows what to delete.
fn forget(before: Option<&Marker>, marker: &Marker, folder: &Path) -> Result<(), Failure> {
    let old = before.iter().flat_map(|before| &before.files);
    for stored in old.filter(|old| !marker.has(&old.file.path)) {
        delete(&folder.join(&stored.file.path))?;
    }
    // While files change, the folder claims nothing.
    delete(&folder.join(marker::NAME))
}

fn delete(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::disk(
            &format!("`{}` cannot be deleted", path.display()),
            &error,
        )),
        _ => Ok(()),
    }
}

async fn fetch(
    environment: &Environment,
    client: &Client,
    bucket: &Bucket,
    missing: &[&Stored],
    folder: &Path,
) -> Result<(), Failure> {
    let total = missing.iter().map(|stored| stored.file.size).sum();
    let moved = Moved::default();
    let progress = Progress::new(Work::Pull, total, &moved, environment.progress);
    let files = async {
        for Stored { file, .. } in missing {
            let remote = bucket.remote(client, &file.path)?;
            let target = Target::new(folder, &file.path)?;
            download::to_file(&remote, file, &target, None, &moved.coming()).await?;
            progress.say(&format!("pulled {} ({} bytes)", file.path, file.size));
        }
        Ok::<(), Failure>(())
    };
    tokio::select! {
        done = files => done?,
        never = progress.report() => match never {},
    }
    progress.end();
    Ok(())
}

fn write(folder: &Path, marker: &Marker) -> Result<(), Failure> {
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(marker.text().as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(folder.join(marker::NAME))
            .map_err(|error| error.error)
    };
    let written = write().and_then(|file| {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))
    });
    written.map_err(|error| Failure::disk("the marker of the folder cannot be written", &error))
}
