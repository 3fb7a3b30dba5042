//! What the lock and the spec's CUDA say against each other.

use super::version::made;
use super::{Packages, named};
use crate::check::Cuda;
use crate::cuda::{Arch, Version, torch_cuda_for};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;

/// Everything that does not go together.
pub(super) fn conflicts(cuda: &Cuda, version: Version, packages: &Packages) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(newer(cuda, version, packages));
    found.extend(compiled_with_another(cuda, version, packages));
    found.extend(gpus(cuda, packages));
    found
}

/// Programs of a newer major release run on no older one's libraries and drivers (CUDA Compatibility, "Minor Version
/// Compatibility").
fn newer(cuda: &Cuda, version: Version, packages: &Packages) -> Option<Diagnostic> {
    let package = packages
        .carried
        .iter()
        .find(|package| package.major() > version.major)?;
    let message = format!(
        "the lock's {} is made for CUDA {}, and the image has CUDA {version}",
        named(package),
        made(package)
    );
    let finding = Diagnostic::error(code::CUDA_CONFLICT, cuda.version_span(), message);
    let finding = match package.toolkit() {
        Some(toolkit) => finding.hint(format!("write `{toolkit}`, or `auto` to follow the lock")),
        None => finding.hint("write `auto` to follow the lock"),
    };
    Some(finding.hint(format!("or lock packages for CUDA {}", version.major)))
}

/// PyTorch refuses to compile extensions with another major release than its own, and warns of another minor one (pytorch
/// `torch/utils/cpp_extension.py`, `_check_cuda_version`).
fn compiled_with_another(cuda: &Cuda, version: Version, packages: &Packages) -> Option<Diagnostic> {
    let torch = packages.of_torch()?;
    let built = packages.built.first().filter(|_| cuda.compiles())?;
    let release = torch.release().filter(|release| *release != version.release())?;
    if release.0 > version.major {
        return None;
    }
    let message = format!(
        "`{built}` is compiled with CUDA {version} against {}, which is made for CUDA {}",
        named(torch),
        made(torch)
    );
    let finding = Diagnostic::warning(code::CUDA_MISMATCH, cuda.version_span(), message);
    Some(finding.hint(match torch.toolkit() {
        Some(toolkit) => format!("write `{toolkit}`, or `auto` to follow the lock"),
        None => "write `auto` to follow the lock".to_string(),
    }))
}

/// GPUs that the spec names and PyTorch has no code for: an error when that is all of them.
fn gpus(cuda: &Cuda, packages: &Packages) -> Option<Diagnostic> {
    let torch = packages.torch.as_ref()?;
    let gpus = torch.gpus?;
    let (runs, fails): (Vec<_>, Vec<_>) = cuda.archs.iter().partition(|arch| gpus.runs_on(arch.value));
    let first: &Spanned<Arch> = fails.first()?;
    let names: Vec<String> = fails.iter().map(|arch| format!("`{}`", arch.value)).collect();
    let message = format!(
        "the lock's `torch {}` has no code for GPUs of compute capability {}",
        torch.version,
        names.join(", ")
    );
    let finding = match runs.is_empty() {
        true => Diagnostic::error(code::UNSUPPORTED_GPU, first.span, message),
        false => Diagnostic::warning(code::UNSUPPORTED_GPU, first.span, message),
    };
    let finding = match torch_cuda_for(first.value, packages.aarch64) {
        Some((major, minor)) => finding.hint(format!(
            "lock a PyTorch that has, such as one of the index `https://download.pytorch.org/whl/cu{major}{minor}`"
        )),
        None => finding,
    };
    Some(finding.hint("or leave them out of `archs`"))
}
