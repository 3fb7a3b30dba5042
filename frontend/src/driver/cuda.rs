//! CUDA, once the lock is known.

use super::{Build, Failure};
use crate::check::{Checked, Cuda};
use crate::diagnostic::Severity;
use crate::plan::{self, Facts};

/// The spec with its CUDA settled; warnings are told on the way.
///
/// # Errors
/// What the lock and the spec say against each other.
pub(super) async fn settled(build: &Build, checked: &Checked, facts: &Facts) -> Result<Checked, Failure> {
    let (checked, found) = plan::settle(checked, facts);
    for warning in found.iter().filter(|found| found.severity == Severity::Warning) {
        build.warn(warning).await?;
    }
    match found.iter().any(|found| found.severity == Severity::Error) {
        true => Err(Failure::diagnostics(&build.spec, &found)),
        false => Ok(checked),
    }
}

/// Whether an image of the target is not known before the lock: `cuda: auto`.
pub(super) fn waits(checked: &Checked) -> bool {
    let is_open = |cuda: &Cuda| cuda.version().is_none();
    checked.cuda.as_ref().is_some_and(is_open) || checked.sources.values().any(waits)
}
