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
    /// Attestations that were read.
    pub attestations: usize,
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

/// What is in a text that an archive lacks.
pub fn text(place: &str, text: &[u8], wanted: &Wanted) -> BTreeSet<Finding> {
    let found = wanted.in_text(text).into_iter();
    let finding = |(_, class, message)| Finding {
        class,
        place: place.to_owned(),
        message,
    };
    found.map(finding).collect()
}
