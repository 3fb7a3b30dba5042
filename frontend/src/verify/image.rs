//! Manifests of an image, one after another.

use std::collections::BTreeSet;
use std::io::{self, Read as _};

use modelcrate_fetcher::lock::Lock;
use modelcrate_fetcher::manifest::{self, Manifest};
use serde_json::Value;

use super::layer::{self, Tree};
use super::{Archive, Class, Finding, ImageReport, Report, Wanted, config, is_wanted, models};

/// How an attestation is told from an image (buildkit `exporter/containerimage/writer.go`).
const REFERENCE: &str = "vnd.docker.reference.type";

/// Reads an archive and keeps what it finds.
pub(super) struct Reader<'a> {
    archive: &'a Archive,
    wanted: &'a Wanted,
    report: &'a mut Report,
    /// Texts that were looked at; layers of several platforms are often the same.
    seen: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    pub fn new(archive: &'a Archive, wanted: &'a Wanted, report: &'a mut Report) -> Self {
        Self {
            archive,
            wanted,
            report,
            seen: BTreeSet::new(),
        }
    }

    /// Manifests of images; attestations are looked at on the way.
    pub fn images(&mut self) -> io::Result<Vec<Value>> {
        let Some(mut index) = self.archive.read("index.json")? else {
            return Ok(Vec::new());
        };
        let mut text = Vec::new();
        index.read_to_end(&mut text)?;
        self.look("index.json", &text);
        let mut images = Vec::new();
        let mut waiting = vec![json("index.json", &text)?];
        while let Some(index) = waiting.pop() {
            for descriptor in index["manifests"].as_array().into_iter().flatten() {
                let Some(manifest) = self.json(descriptor, "the manifest")? else {
                    self.absent(descriptor);
                    continue;
                };
                if manifest["manifests"].is_array() {
                    waiting.push(manifest);
                } else if is_attestation(descriptor) {
                    self.attestation(digest(descriptor), &manifest)?;
                } else {
                    images.push(manifest);
                }
            }
        }
        match images.is_empty() {
            true => Err(invalid("it holds no image")),
            false => Ok(images),
        }
    }

    /// The image of one platform, where that is wanted.
    pub fn image(&mut self, manifest: &Value, platforms: &[String], lock: Option<&Lock>) -> io::Result<()> {
        let descriptor = &manifest["config"];
        let Some(text) = self.bytes(digest(descriptor))? else {
            return Err(invalid("the config of an image is missing"));
        };
        let config = json("the config of an image", &text)?;
        let platform = config::platform(&config);
        if !is_wanted(&platform, platforms) {
            return Ok(());
        }
        let place = format!(
            "{platform} the config and its history {}",
            short(digest(descriptor))
        );
        self.look(&place, &text);
        for (class, message) in config::findings(&config) {
            self.found(class, platform.clone(), message);
        }
        let mut tree = Tree::new();
        let mut layers = Vec::new();
        let mut list = None;
        for descriptor in manifest["layers"].as_array().into_iter().flatten() {
            let Some(layer) = self.layer(&platform, descriptor, &mut tree)? else {
                continue;
            };
            list = layer.texts.get(manifest::PATH).cloned().or(list);
            layers.push(layer.report(
                digest(descriptor),
                descriptor["size"].as_u64().unwrap_or_default(),
            ));
        }
        let model_files = self.models(&platform, list.as_deref(), lock, &tree);
        self.report.images.push(ImageReport {
            user: config::user(&config).to_owned(),
            platform,
            layers,
            model_files,
        });
        Ok(())
    }

    fn layer(
        &mut self,
        platform: &str,
        descriptor: &Value,
        tree: &mut Tree,
    ) -> io::Result<Option<layer::Contents>> {
        let place = format!("{platform} layer {}", short(digest(descriptor)));
        let Some(bytes) = self.archive.read(&blob(digest(descriptor)))? else {
            self.found(Class::Unreadable, place, "it is not in the archive".into());
            return Ok(None);
        };
        let form = descriptor["mediaType"].as_str().unwrap_or_default();
        let Some(bytes) = layer::unpacked(form, bytes) else {
            let message = format!("it is of the type `{form}`, which is not read");
            self.found(Class::Unreadable, place, message);
            return Ok(None);
        };
        let read = layer::read(bytes, self.wanted, &[manifest::PATH], tree)
            .map_err(|cause| io::Error::new(cause.kind(), format!("{place}: {cause}")))?;
        for (class, path, what) in &read.found {
            self.found(*class, format!("{place} {path}"), what.clone());
        }
        Ok(Some(read))
    }

    /// Holds models against the image's own list and the lock: how many files.
    fn models(&mut self, platform: &str, list: Option<&[u8]>, lock: Option<&Lock>, tree: &Tree) -> usize {
        let list: Option<Manifest> = list.and_then(|text| serde_json::from_slice(text).ok());
        let by_list = list
            .as_ref()
            .map(|list| models::of_manifest(list, tree))
            .unwrap_or_default();
        let by_lock = lock
            .map(|lock| models::of_lock(lock, list.as_ref(), tree))
            .unwrap_or_default();
        let files = by_list.files + by_lock.files;
        for (path, message) in by_list.wrong.into_iter().chain(by_lock.wrong) {
            self.found(Class::Model, format!("{platform} {path}"), message);
        }
        files
    }

    /// What an index names and the archive lacks.
    fn absent(&mut self, descriptor: &Value) {
        if is_attestation(descriptor) {
            self.report.absent.insert(digest(descriptor).to_owned());
        } else {
            let platform = config::platform(&descriptor["platform"]);
            self.report.others.insert(platform);
        }
    }

    /// Statements about an image: provenance, software, models. Its manifest has this digest.
    pub fn attestation(&mut self, of: &str, manifest: &Value) -> io::Result<()> {
        let mut is_whole = true;
        for descriptor in manifest["layers"].as_array().into_iter().flatten() {
            match self.text(descriptor, "the attestation")? {
                Some(_) => self.report.attestations += 1,
                None => is_whole = false,
            }
        }
        match is_whole {
            true => self.report.absent.remove(of),
            false => self.report.absent.insert(of.to_owned()),
        };
        Ok(())
    }

    fn json(&mut self, descriptor: &Value, what: &str) -> io::Result<Option<Value>> {
        let Some(text) = self.text(descriptor, what)? else {
            return Ok(None);
        };
        json(what, &text).map(Some)
    }

    /// A text, looked at; `None` where the archive lacks it, as it does other platforms that were not saved.
    fn text(&mut self, descriptor: &Value, what: &str) -> io::Result<Option<Vec<u8>>> {
        let digest = digest(descriptor);
        let Some(text) = self.bytes(digest)? else {
            return Ok(None);
        };
        if self.seen.insert(digest.to_owned()) {
            self.look(&format!("{what} {}", short(digest)), &text);
        }
        Ok(Some(text))
    }

    fn bytes(&self, digest: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(mut member) = self.archive.read(&blob(digest))? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn look(&mut self, place: &str, text: &[u8]) {
        self.report.look(place, text, self.wanted);
    }

    fn found(&mut self, class: Class, place: String, message: String) {
        self.report.findings.insert(Finding {
            class,
            place,
            message,
        });
    }
}

/// Whether a descriptor is that of statements about an image, and not of an image.
pub(super) fn is_attestation(descriptor: &Value) -> bool {
    descriptor["annotations"][REFERENCE].is_string()
}

pub(super) fn digest(descriptor: &Value) -> &str {
    descriptor["digest"].as_str().unwrap_or_default()
}

/// The member that has a digest.
fn blob(digest: &str) -> String {
    format!("blobs/{}", digest.replacen(':', "/", 1))
}

/// Twelve digits, as docker shows them.
pub(super) fn short(digest: &str) -> String {
    digest
        .chars()
        .skip_while(|c| *c != ':')
        .skip(1)
        .take(12)
        .collect()
}

pub(super) fn json(what: &str, text: &[u8]) -> io::Result<Value> {
    serde_json::from_slice(text).map_err(|cause| invalid(&format!("{what} is not JSON: {cause}")))
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
