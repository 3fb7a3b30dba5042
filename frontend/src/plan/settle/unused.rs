//! NVIDIA's libraries in an image that is not made for GPUs: gigabytes that a CPU has no use for.

use super::Packages;
use super::twice::{has_libraries, readable};
use crate::check::Checked;
use crate::diagnostic::{Diagnostic, code};

/// The warning, when the lock has such packages and the spec no CUDA.
pub(super) fn unused(checked: &Checked, packages: &Packages) -> Option<Diagnostic> {
    let python = checked.python.as_ref().filter(|_| checked.cuda.is_none())?;
    if checked.base.image.as_ref().is_some_and(has_libraries) {
        return None;
    }
    let largest = packages.libraries.iter().max_by_key(|library| library.size)?;
    let sum: u64 = packages.libraries.iter().filter_map(|library| library.size).sum();
    let count = match packages.libraries.len() {
        1 => format!("NVIDIA's `{}`", largest.name),
        many => format!("{many} of NVIDIA's packages"),
    };
    let size = if sum == 0 {
        String::new()
    } else {
        format!(" ({} compressed)", readable(sum))
    };
    let message = format!("the lock brings {count}{size}, and this image has no CUDA");
    Some(
        Diagnostic::warning(code::NVIDIA_WITHOUT_CUDA, python.span, message)
            .hint("for CPUs: take PyTorch from its CPU index, `https://download.pytorch.org/whl/cpu`, as an extra of its own")
            .hint("for GPUs: say so, `cuda: { version: auto, image: none }`"),
    )
}
