//! Models: what the image says of them and what a lock says, against the files that are there.

use modelcrate_fetcher::lock::Lock;
use modelcrate_fetcher::manifest::{Deliver, Manifest};

use super::layer::{Tree, followed};

/// What was held against the files: how many, and what is wrong with which path.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub files: usize,
    pub wrong: Vec<(String, String)>,
}

/// Every file of the models that an image says it holds.
pub(super) fn of_manifest(manifest: &Manifest, tree: &Tree) -> Held {
    let mut held = Held::default();
    for model in manifest
        .models
        .iter()
        .filter(|model| model.deliver == Deliver::Bake)
    {
        for file in &model.files {
            let path = format!("{}/{}", model.folder, file.path);
            held.file(&path, followed(tree, &path), &file.sha256, "the image's own list");
        }
    }
    held
}

/// Every file of the models in a lock. Those that a volume or the fetcher brings are not in an image.
pub(super) fn of_lock(lock: &Lock, manifest: Option<&Manifest>, tree: &Tree) -> Held {
    let mut held = Held::default();
    for model in &lock.models {
        let said = manifest.and_then(|manifest| manifest.models.iter().find(|said| said.name == model.name));
        if said.is_some_and(|said| said.deliver != Deliver::Bake) {
            continue;
        }
        for file in &model.files {
            let end = format!("/{}", file.path);
            let named = || tree.keys().filter(|path| path.ends_with(&end));
            let whole =
                named().any(|path| followed(tree, path).is_some_and(|(_, sha256)| sha256 == file.sha256));
            held.files += 1;
            if whole {
                continue;
            }
            let message = match named().next() {
                Some(path) => format!("`{path}` is not the file of `{}` that the lock names", model.name),
                None => format!("the file of `{}` that the lock names is not there", model.name),
            };
            held.wrong.push((file.path.clone(), message));
        }
    }
    held
}

impl Held {
    fn file(&mut self, path: &str, found: Option<(u64, &str)>, sha256: &str, by: &str) {
        self.files += 1;
        let message = match found {
            None => format!("it is not there, and {by} names it"),
            Some((_, other)) if other != sha256 => format!("its digest is not the one of {by}"),
            Some(_) => return,
        };
        self.wrong.push((path.to_owned(), message));
    }
}
