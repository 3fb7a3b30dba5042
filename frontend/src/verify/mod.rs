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
    /// Why there may be attestations that nobody could read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
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

/// Looks at a whole image, or at the images of these platforms.
///
/// # Errors
/// When the archive is not an image, or is cut off.
pub fn verify(
    archive: &Archive,
    platforms: &[String],
    wanted: &Wanted,
    lock: Option<&Lock>,
) -> io::Result<Report> {
    let mut report = Report::default();
    let mut read = image::Reader::new(archive, wanted, &mut report);
    let images = read.images()?;
    for image in images {
        read.image(&image, platforms, lock)?;
    }
    report.others.retain(|platform| is_wanted(platform, platforms));
    Ok(report)
}

/// Whether a platform is one of those that were asked for, or all were: `linux/arm64` is every variant of it.
pub fn is_wanted(platform: &str, platforms: &[String]) -> bool {
    let is_it = |wanted: &String| {
        platform == wanted
            || platform
                .strip_prefix(wanted.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
    };
    platforms.is_empty() || platforms.iter().any(is_it)
}

/// What an index names.
#[derive(Debug, Default)]
pub struct Listed {
    /// The platform of each image whose descriptor says it, and the digest of its manifest.
    pub images: Vec<(String, String)>,
    /// Digests of the manifests of attestations.
    pub attestations: Vec<String>,
}

/// What an index of a registry names; nothing where it is the manifest of one image.
///
/// # Errors
/// When it is no JSON.
pub fn listed(index: &[u8], wanted: &Wanted, report: &mut Report) -> io::Result<Listed> {
    report.look("the index", index, wanted);
    let index = image::json("the index", index)?;
    let mut listed = Listed::default();
    for descriptor in index["manifests"].as_array().into_iter().flatten() {
        let digest = image::digest(descriptor).to_owned();
        if image::is_attestation(descriptor) {
            listed.attestations.push(digest);
        } else if descriptor["platform"].is_object() {
            let platform = config::platform(&descriptor["platform"]);
            listed.images.push((platform, digest));
        }
    }
    Ok(listed)
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
    /// Adds what was found in another archive of the same image.
    pub fn add(&mut self, other: Self) {
        self.images.extend(other.images);
        self.others.extend(other.others);
        self.findings.extend(other.findings);
        let is_here = |platform: &String| self.images.iter().any(|image| image.platform == *platform);
        self.others = std::mem::take(&mut self.others)
            .into_iter()
            .filter(|platform| !is_here(platform))
            .collect();
    }

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
