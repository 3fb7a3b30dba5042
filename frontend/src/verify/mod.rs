//! `verify`: whether a finished image keeps what a spec promises, whoever built it.
//!
//! In comes an image as bytes, an [`Archive`] (an OCI layout, or what `docker save` writes); out goes a [`Report`]: what each layer
//! weighs, and every [`Finding`]. Every byte is looked at: layers unpacked, configs with their history, attestations.

mod archive;
mod config;
mod finding;
mod image;
mod layer;
mod models;
mod scan;
#[cfg(test)]
mod tests;
mod zstd;

use std::collections::BTreeSet;
use std::io;

use modelcrate_fetcher::lock::Lock;
use serde::Serialize;

pub use archive::Archive;
pub use finding::{Class, Finding};
pub use scan::{Secret, Wanted};

/// What was looked at, and what was found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The image of each platform.
    pub images: Vec<ImageReport>,
    /// Platforms that the image also has and whose bytes are not here: nobody looked at them.
    pub others: BTreeSet<String>,
    /// Attestations that were read.
    pub attestations: usize,
    /// Digests of the manifests of attestations that an index names and that are not here.
    #[serde(skip)]
    pub absent: BTreeSet<String>,
    /// What is wrong, each once.
    pub findings: BTreeSet<Finding>,
}

/// The image of one platform.
#[derive(Debug, Clone, Serialize)]
pub struct ImageReport {
    /// `linux/amd64`.
    pub platform: String,
    /// Who it runs as.
    pub user: String,
    /// Its layers, the lowest first.
    pub layers: Vec<LayerReport>,
    /// Files of models whose digests were held against what is promised of them.
    pub model_files: usize,
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LayerReport {
    /// Digest of the layer as it travels.
    pub digest: String,
    /// Bytes as it travels.
    pub compressed: u64,
    /// Bytes of its files.
    pub unpacked: u64,
    /// Its largest file.
    pub largest: Option<String>,
}

/// Looks at a whole image.
///
/// # Errors
/// When the archive is not an image, or is cut off.
pub fn verify(archive: &Archive, wanted: &Wanted, lock: Option<&Lock>) -> io::Result<Report> {
    let mut report = Report::default();
    let mut read = image::Reader::new(archive, wanted, &mut report);
    let images = read.images()?;
    for image in images {
        read.image(&image, lock)?;
    }
    Ok(report)
}

/// Digests of the manifests of attestations that an index names, which is looked at for that.
///
/// # Errors
/// When it is no JSON.
pub fn attestations(index: &[u8], wanted: &Wanted, report: &mut Report) -> io::Result<Vec<String>> {
    report.look("the index", index, wanted);
    let index = image::json("the index", index)?;
    let manifests = index["manifests"].as_array().into_iter().flatten();
    let attestations = manifests.filter(|descriptor| image::is_attestation(descriptor));
    Ok(attestations
        .map(|descriptor| image::digest(descriptor).to_owned())
        .collect())
}

/// Looks at an attestation that the archive of its image lacks: its manifest with this digest, and an archive with its blobs.
///
/// # Errors
/// When the manifest is no JSON, or a blob cannot be read.
pub fn attestation(
    digest: &str,
    manifest: &[u8],
    blobs: &Archive,
    wanted: &Wanted,
    report: &mut Report,
) -> io::Result<()> {
    let place = format!("the manifest {}", image::short(digest));
    report.look(&place, manifest, wanted);
    let manifest = image::json(&place, manifest)?;
    image::Reader::new(blobs, wanted, report).attestation(digest, &manifest)
}

impl Report {
    /// Tells of the attestations that are still not here, and why.
    pub fn tell_absent(&mut self, why: &str) {
        for digest in std::mem::take(&mut self.absent) {
            self.findings.insert(Finding {
                class: Class::Unreadable,
                place: format!("the attestation {}", image::short(&digest)),
                message: why.to_owned(),
            });
        }
    }

    fn look(&mut self, place: &str, text: &[u8], wanted: &Wanted) {
        let found = wanted.in_text(text).into_iter();
        self.findings.extend(found.map(|(_, class, message)| Finding {
            class,
            place: place.to_owned(),
            message,
        }));
    }
}
