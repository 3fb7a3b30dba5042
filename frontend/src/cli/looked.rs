//! Where the bytes of an image come from, for `verify`: a file, the engine, a registry.
//!
//! Docker asks the registry, with its own logins, mirrors and proxies. An engine pulls one platform of an image by its name; each
//! other one has a manifest that is pulled by its digest, and removed again.

use std::path::Path;

use modelcrate_fetcher::lock::Lock;

use super::attestations::{self, raw, repository};
use super::failure::Failure;
use super::verify::{docker, temporary};
use crate::verify::{self, Archive, Listed, Report, Wanted, is_wanted};

/// What an engine says of its storage where images are containerd's (moby `daemon/containerd/service.go`).
const CONTAINERD: &str = "io.containerd.snapshotter";
/// The classic image store has no place for what belongs to no platform.
const CLASSIC: &str = "this engine has the classic image store, which keeps none: read them with an engine that has the containerd image \
    store, or in an OCI layout of a builder from `docker buildx create` (`docker buildx build --output type=oci,dest=app.tar`)";

/// An image that is to be looked at.
pub(super) struct Asked<'a> {
    /// A file, a folder or a name.
    pub image: &'a str,
    /// All when empty.
    pub platforms: &'a [String],
    /// What must not be in it.
    pub wanted: &'a Wanted,
    /// What its models are held against.
    pub lock: Option<&'a Lock>,
}

impl Asked<'_> {
    /// Looks at a file or folder of that name; else at the engine's image; else at that of the registry.
    pub fn look(&self) -> Result<Report, Failure> {
        let path = Path::new(self.image);
        if path.exists() {
            let mut report = self.archive(path)?;
            report.tell_absent("it is not in the archive");
            return Ok(report);
        }
        match docker(&["image", "inspect", self.image]) {
            Ok(_) => self.of_engine(),
            Err(_) => self.of_registry(),
        }
    }

    fn of_engine(&self) -> Result<Report, Failure> {
        let mut report = self.saved(self.image)?;
        if report.absent.is_empty() {
            report.unread = (report.attestations == 0 && is_classic()).then(|| CLASSIC.to_owned());
        } else if let Err(failure) = attestations::read(self.image, self.wanted, &mut report) {
            report.tell_absent(&format!("the engine does not have it, and {}", failure.message()));
        }
        Ok(report)
    }

    fn of_registry(&self) -> Result<Report, Failure> {
        let listed = self.listed()?;
        let own = docker(&["version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"])?;
        let own = String::from_utf8_lossy(&own).trim().to_owned();
        let is_own = |(platform, _): &(String, String)| *platform == own;
        let mut report = Report::default();
        if listed.images.is_empty() || listed.images.iter().any(is_own) && is_wanted(&own, self.platforms) {
            docker(&["pull", "--quiet", self.image])?;
            report.add(self.saved(self.image)?);
        }
        for (platform, digest) in &listed.images {
            let is_here = report.images.iter().any(|image| image.platform == *platform);
            if !is_here && is_wanted(platform, self.platforms) {
                report.add(self.pulled(platform, digest)?);
            }
        }
        attestations::read(self.image, self.wanted, &mut report)?;
        Ok(report)
    }

    fn listed(&self) -> Result<Listed, Failure> {
        let index = raw(self.image)?;
        // What is found in it is told with the attestations.
        verify::listed(&index, self.wanted, &mut Report::default()).map_err(|cause| self.failed(&cause))
    }

    /// The image of one platform, which the engine has only while it is looked at.
    fn pulled(&self, platform: &str, digest: &str) -> Result<Report, Failure> {
        let name = format!("{}@{digest}", repository(self.image));
        let was_there = docker(&["image", "inspect", &name]).is_ok();
        docker(&["pull", "--quiet", "--platform", platform, &name])?;
        let report = self.saved(&name);
        if !was_there {
            // An image that is left behind is no reason not to tell what was found.
            drop(docker(&["image", "rm", &name]));
        }
        report
    }

    /// An image of the engine.
    fn saved(&self, name: &str) -> Result<Report, Failure> {
        let file = temporary()?;
        let path = file.path().display().to_string();
        docker(&["image", "save", "--output", &path, name])?;
        self.archive(file.path())
    }

    fn archive(&self, path: &Path) -> Result<Report, Failure> {
        let failed = |cause| self.failed(&cause);
        let archive = Archive::open(path).map_err(failed)?;
        verify::verify(&archive, self.platforms, self.wanted, self.lock).map_err(failed)
    }

    fn failed(&self, cause: &std::io::Error) -> Failure {
        Failure::new(format!("`{}` cannot be read: {cause}", self.image))
    }
}

fn is_classic() -> bool {
    let status = docker(&["info", "--format", "{{json .DriverStatus}}"]);
    status.is_ok_and(|status| !String::from_utf8_lossy(&status).contains(CONTAINERD))
}
