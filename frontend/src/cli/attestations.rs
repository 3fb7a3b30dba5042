//! Attestations of an image in a registry, for `verify`. Docker asks the registry, with its own logins, mirrors and proxies.

use std::fs::File;
use std::process::Stdio;

use super::failure::Failure;
use super::verify::{docker, docker_with, temporary};
use crate::verify::{self, Archive, Report, Wanted};

/// The classic image store exports nothing but its own form.
const CLASSIC: &str = "this builder cannot hand it on, one of `docker buildx create --use` can";

/// Looks at everything that is attested of an image, whatever platforms it has.
///
/// # Errors
/// When the registry cannot be asked.
pub(super) fn read(image: &str, wanted: &Wanted, report: &mut Report) -> Result<(), Failure> {
    let failed = |cause| Failure::new(format!("the attestations of `{image}` cannot be read: {cause}"));
    let index = raw(image)?;
    for digest in verify::listed(&index, wanted, report)
        .map_err(failed)?
        .attestations
    {
        let name = format!("{}@{digest}", repository(image));
        let manifest = raw(&name)?;
        report.absent.insert(digest.clone());
        match exported(&name) {
            Ok(blobs) => {
                let blobs = Archive::open(blobs.path()).map_err(failed)?;
                verify::attestation(&digest, &manifest, &blobs, wanted, report).map_err(failed)?;
            }
            Err(failure) => {
                let said = failure.message().lines().next().unwrap_or_default();
                report.tell_absent(&format!("{CLASSIC}: {said}"));
            }
        }
    }
    report.tell_absent("the registry does not give all of it");
    Ok(())
}

/// A manifest or an index.
pub(super) fn raw(name: &str) -> Result<Vec<u8>, Failure> {
    docker(&["buildx", "imagetools", "inspect", "--raw", name])
}

/// An OCI layout with the blobs of a manifest, which to a builder is an image: it unpacks none of them to hand them on.
fn exported(name: &str) -> Result<tempfile::NamedTempFile, Failure> {
    let (dockerfile, layout) = (temporary()?, temporary()?);
    let failed = |cause| Failure::new(format!("a temporary file cannot be used: {cause}"));
    std::fs::write(dockerfile.path(), format!("FROM {name}\n")).map_err(failed)?;
    let input = File::open(dockerfile.path()).map_err(failed)?;
    let output = format!("type=oci,dest={}", layout.path().display());
    let words = [
        "buildx",
        "build",
        "--provenance=false",
        "--sbom=false",
        "--output",
        &output,
        "-",
    ];
    docker_with(&words, Stdio::from(input))?;
    Ok(layout)
}

/// A name without tag and digest.
pub(super) fn repository(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::repository;

    #[test]
    fn a_port_is_no_tag() {
        for (image, name) in [
            ("app", "app"),
            ("app:1", "app"),
            ("localhost:5000/app", "localhost:5000/app"),
            ("localhost:5000/app:1@sha256:00", "localhost:5000/app"),
        ] {
            assert_eq!(repository(image), name);
        }
    }
}
