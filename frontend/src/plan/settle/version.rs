//! `cuda: auto`: the version that the packages are made for.

use super::{Packages, named};
use crate::check::Cuda;
use crate::cuda::{Carried, Made, Version};
use crate::diagnostic::{Diagnostic, code};

/// The version that the lock is made for.
///
/// # Errors
/// The lock has no CUDA, two packages of it are made for different ones, or it is one that the tables do not have.
pub(super) fn of_lock(cuda: &Cuda, packages: &Packages) -> Result<Version, Box<Diagnostic>> {
    let refused = |message: String| Diagnostic::error(code::CONFLICT, cuda.version_span(), message);
    let carried = &packages.carried;
    let Some(first) = carried.first() else {
        return Err(Box::new(no_cuda(packages, &refused)));
    };
    let different = |with: &Carried| carried.iter().find(|other| differ(with, other));
    if let Some((one, other)) = carried.iter().find_map(|one| Some((one, different(one)?))) {
        let message = format!(
            "the lock has no CUDA of its own: {} is made for CUDA {}, {} for CUDA {}",
            named(one),
            made(one),
            named(other),
            made(other)
        );
        return Err(Box::new(refused(message).hint(
            "lock packages of one CUDA, or write the version of the image, such as `12.8.1`",
        )));
    }
    let exact = carried
        .iter()
        .filter(|package| matches!(package.made, Made::Version(_)));
    let best = exact
        .filter_map(Carried::toolkit)
        .max()
        .or_else(|| {
            carried
                .iter()
                .find(|package| package.release().is_some())?
                .toolkit()
        })
        .or_else(|| {
            first
                .toolkit()
                .filter(|_| carried.iter().all(|package| package.release().is_none()))
        });
    best.ok_or_else(|| {
        let message = format!(
            "{} is made for CUDA {}, which `auto` does not know",
            named(first),
            made(first)
        );
        Box::new(
            refused(message)
                .hint("write the version, as in the tags of nvidia/cuda, or use a newer frontend"),
        )
    })
}

fn no_cuda(packages: &Packages, refused: &impl Fn(String) -> Diagnostic) -> Diagnostic {
    let finding = match &packages.torch {
        Some(torch) => refused(format!(
            "`auto` takes the version that the lock is made for, and `torch {}` is made for none",
            torch.version
        )),
        None => refused(
            "`auto` takes the version that the lock is made for, and none of its packages is made for CUDA"
                .to_string(),
        ),
    };
    finding
        .hint("lock packages for CUDA (extras and groups of `python` count), or write the version, such as `12.8.1`")
        .hint("or write `cuda: none` for an image without CUDA")
}

/// Whether two packages cannot be made for one toolkit.
fn differ(one: &Carried, other: &Carried) -> bool {
    let releases = one.release().zip(other.release());
    one.major() != other.major() || releases.is_some_and(|(one, other)| one != other)
}

/// `12.8`, or `12`.
pub(super) fn made(package: &Carried) -> String {
    match package.release() {
        Some((major, minor)) => format!("{major}.{minor}"),
        None => package.major().to_string(),
    }
}
