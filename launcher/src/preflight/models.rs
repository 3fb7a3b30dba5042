//! The image's models: every file is there and as long as it should be; of each model a sample is held against its checksums.
//!
//! Hashing weights would take longer than reading them into a GPU. What goes wrong in practice shows without it: a volume that
//! is not mounted, a copy that was cut off, another revision, an error page under the name of weights.

use std::io::{ErrorKind, Read};

use modelcrate_checker::format;
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::manifest::{Deliver, Model};
use sha2::{Digest, Sha256};

use super::finding::fix;
use super::{Check, Container, Finding};

/// Bytes of the sample of all models together: a few milliseconds. Configurations, indexes and small tokenizers are in it; they
/// differ between the revisions of a model.
const SAMPLE: u64 = 2 << 20;

/// What is wrong with a model; paths are absolute.
enum Wrong {
    /// There is no file of it at all.
    Absent,
    /// So many files are not there, and this is the first of them.
    Missing(usize, String),
    /// This user may not read it.
    Unreadable(String),
    /// It has so many bytes, and should have so many.
    Size(String, u64, u64),
    /// It is not what its name says.
    Format(String, format::Malformed),
    /// It holds something else.
    Content(String),
}

/// What is wrong with the models, at most one finding for each.
pub fn check(models: &[Model], container: &Container) -> Vec<Finding> {
    let share = SAMPLE / models.len().max(1) as u64;
    let found = |model: &Model| Some(finding(model, &wrong(model, share, container)?, container));
    models.iter().filter_map(found).collect()
}

/// Whether every file is there and has its size.
fn wrong(model: &Model, sample: u64, container: &Container) -> Option<Wrong> {
    let missing: Vec<String> = model
        .files
        .iter()
        .map(|file| at(model, file))
        .filter(|path| !container.has(path))
        .collect();
    match missing.first() {
        Some(_) if missing.len() == model.files.len() => return Some(Wrong::Absent),
        Some(first) => return Some(Wrong::Missing(missing.len(), first.clone())),
        None => {}
    }
    let mut sizes: Vec<(u64, &File)> = Vec::new();
    for file in &model.files {
        match size(model, file, container) {
            Ok(size) => sizes.push((size, file)),
            Err(wrong) => return Some(wrong),
        }
    }
    sizes.sort();
    let mut left = sample;
    let sampled = sizes
        .into_iter()
        .take_while(|(size, _)| match left.checked_sub(*size) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        });
    sampled
        .map(|(_, file)| (at(model, file), &file.sha256))
        .find(|(path, sha256)| digest(path, container).as_ref() != Some(sha256))
        .map(|(path, _)| Wrong::Content(path))
}

fn at(model: &Model, file: &File) -> String {
    format!("{}/{}", model.folder, file.path)
}

/// The size of a file that is readable, as long as it should be, and begins as its name says.
fn size(model: &Model, file: &File, container: &Container) -> Result<u64, Wrong> {
    let path = at(model, file);
    let opened = std::fs::File::open(container.path(&path));
    let mut opened = match opened {
        Ok(opened) => opened,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Err(Wrong::Missing(1, path)),
        Err(_) => return Err(Wrong::Unreadable(path)),
    };
    let size = opened.metadata().map_or(0, |metadata| metadata.len());
    // Nothing is known of sizes where the spec pins files by address alone.
    if file.size != 0 && file.size != size {
        return Err(Wrong::Size(path, size, file.size));
    }
    let mut head = Vec::new();
    let head_read = opened.by_ref().take(format::HEAD as u64).read_to_end(&mut head);
    if head_read.is_err() {
        return Err(Wrong::Unreadable(path));
    }
    match format::check(&file.path, &head, size) {
        Ok(()) => Ok(size),
        Err(malformed) => Err(Wrong::Format(path, malformed)),
    }
}

/// In lower-case hexadecimal digits.
fn digest(path: &str, container: &Container) -> Option<String> {
    let bytes = std::fs::read(container.path(path)).ok()?;
    Some(base16ct::lower::encode_string(&Sha256::digest(&bytes)))
}

fn finding(model: &Model, wrong: &Wrong, container: &Container) -> Finding {
    let Model { name, folder, .. } = model;
    let of = model.files.len();
    let what = match wrong {
        Wrong::Absent => format!("model `{name}` is not there: `{folder}` has none of its {of} files"),
        Wrong::Missing(count, first) => {
            format!("{count} of {of} files of model `{name}` are not there, the first is `{first}`")
        }
        Wrong::Unreadable(path) => {
            format!("user {} cannot read `{path}` of model `{name}`", container.uid)
        }
        Wrong::Size(path, size, wanted) => {
            format!("`{path}` of model `{name}` has {size} bytes, not {wanted}")
        }
        Wrong::Format(path, malformed) => {
            format!("`{path}` of model `{name}` is damaged: {malformed}")
        }
        Wrong::Content(path) => format!("`{path}` is not that of model `{name}`{}", revision(model)),
    };
    let why = match wrong {
        Wrong::Absent | Wrong::Missing(..) | Wrong::Unreadable(_) => {
            "the program cannot load it, or downloads it into the container"
        }
        _ => "the program fails while it loads it, or answers with another model",
    };
    Check::Models.finding(what, why, advice(model, wrong, container))
}

fn revision(model: &Model) -> String {
    let revision = model.revision.as_ref();
    revision.map_or_else(String::new, |revision| format!(" at revision {revision}"))
}

/// The flag to add, by how the model gets into the container.
fn advice(model: &Model, wrong: &Wrong, container: &Container) -> String {
    let Model { folder, .. } = model;
    let mount = container.mount_of(folder).filter(|mount| mount != "/");
    if matches!(wrong, Wrong::Unreadable(_)) {
        return fix(
            container,
            "add `--user` with a user that may read it, or `chmod -R a+rX` the folder that is mounted",
            "add `securityContext: { fsGroup: … }` with a group that can read the volume",
        )
        .into();
    }
    match (model.deliver, mount) {
        (Deliver::Bake, Some(mount)) => {
            format!("the image has it, below what is mounted at `{mount}`: mount that elsewhere")
        }
        (Deliver::Bake, None) => "the image has it: pull the image again".into(),
        (_, None) => {
            let docker = format!("add `-v SOURCE:{folder}`");
            let kubernetes = format!("add a volume with `mountPath: {folder}`");
            fix(container, &docker, &kubernetes).into()
        }
        (Deliver::Volume, Some(mount)) => format!(
            "fill what is mounted at `{mount}` with the files{}, or mount the volume that has them",
            revision(model)
        ),
        (Deliver::Fetch, Some(mount)) => {
            format!("delete `{folder}` in what is mounted at `{mount}`: it is downloaded at the next start")
        }
    }
}

#[cfg(test)]
mod tests;
