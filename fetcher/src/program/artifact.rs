//! An artifact of a registry: its files are blobs, or lie in archives that are.

use std::path::Path;

use modelcrate_fetcher::artifact::Layer;
use modelcrate_fetcher::card::Card;
use modelcrate_fetcher::client::{Error, Registry};
use modelcrate_fetcher::download::{Progress, Target, from_archive, to_file};
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::listing::Listing;
use modelcrate_fetcher::select::Selection;
use modelcrate_fetcher::{archive, file};

/// Where archives lie below a folder, each called by its digest.
const ARCHIVES: &str = "archives";

/// An artifact whose manifest was read.
pub struct Artifact {
    registry: Registry,
    digest: String,
    layers: Vec<Layer>,
}

impl Artifact {
    /// Reads the manifest of a tag or digest.
    pub async fn open(registry: Registry, reference: &str) -> Result<Self, Error> {
        let (digest, layers) = registry.layers(reference).await?;
        Ok(Self {
            registry,
            digest,
            layers,
        })
    }

    /// The files that the selection takes. Archives say only in themselves what they hold: they are brought below `store`.
    pub async fn listing(&self, selection: &Selection, store: &Path) -> Result<Listing, Error> {
        let mut all: Vec<File> = Vec::new();
        for layer in &self.layers {
            match layer.packed {
                true => all.extend(members(&self.archive(layer, store).await?).await?),
                false => all.push(layer.file.clone()),
            }
        }
        all.sort();
        if let Some(pair) = all.windows(2).find(|pair| pair[0].path == pair[1].path) {
            return Err(Error::Usage {
                problem: format!("two layers of the artifact have the file `{}`", pair[0].path),
                fix: "push it again with each file once".into(),
            });
        }
        let others = all.iter().map(|file| file.path.clone()).collect();
        let files = all.into_iter().filter(|file| selection.takes(&file.path));
        Ok(Listing {
            card: Card::default(),
            revision: Some(self.digest.clone()),
            files: files.collect(),
            others,
        })
    }

    /// Brings a file to its place, by way of `store` where it lies in an archive.
    pub async fn bring(
        &self,
        file: &File,
        target: &Target,
        partial: Option<&Path>,
        store: &Path,
        progress: &Progress,
    ) -> Result<(), Error> {
        let is_blob = |layer: &&Layer| !layer.packed && layer.file.sha256 == file.sha256;
        if self.layers.iter().any(|layer| is_blob(&layer)) {
            let remote = self.registry.blob(&file.sha256)?;
            return to_file(&remote, file, target, partial, progress).await.map(drop);
        }
        for layer in self.archives_with(&file.path) {
            // What is there needs no archive.
            let archive = match target.holds(file).await? {
                true => store.to_owned(),
                false => self.archive(layer, store).await?,
            };
            if from_archive(&archive, file, target, progress).await?.is_some() {
                return Ok(());
            }
        }
        Err(Error::Missing {
            address: format!("`{}` of {}", file.path, self.digest),
        })
    }

    /// Those that are called like the file or a folder of it first.
    fn archives_with(&self, path: &str) -> Vec<&Layer> {
        let is_near = |layer: &Layer| {
            let rest = path.strip_prefix(layer.file.path.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut layers: Vec<&Layer> = self.layers.iter().filter(|layer| layer.packed).collect();
        layers.sort_by_key(|layer| !is_near(layer));
        layers
    }

    /// The archive on this machine.
    async fn archive(&self, layer: &Layer, store: &Path) -> Result<std::path::PathBuf, Error> {
        let sha256 = &layer.file.sha256;
        let blob = File {
            path: sha256.clone(),
            ..layer.file.clone()
        };
        let target = Target::new(store, &format!("{ARCHIVES}/{sha256}"))?;
        let remote = self.registry.blob(sha256)?;
        to_file(&remote, &blob, &target, Some(store), &Progress::default()).await?;
        Ok(target.path())
    }
}

/// Where archives of a model lie that is brought into a folder.
pub fn store(folder: &Path) -> std::path::PathBuf {
    folder.join(file::PARTIAL)
}

/// Removes the archives of a model whose files are all there.
pub fn clean(folder: &Path) {
    let store = store(folder);
    // Who uses them still has them open; the folder stays where others use it.
    let _ = std::fs::remove_dir_all(store.join(ARCHIVES));
    let _ = std::fs::remove_dir(store);
}

async fn members(archive: &Path) -> Result<Vec<File>, Error> {
    let (path, place) = (archive.to_owned(), archive.display().to_string());
    let read = tokio::task::spawn_blocking(move || archive::members(&path));
    read.await.map_err(|error| Error::Storage {
        place,
        problem: error.to_string(),
    })?
}
