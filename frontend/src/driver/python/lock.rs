//! The lock of the target's packages, made by uv inside the engine.

use super::super::{Build, Failure, image};
use crate::check::Checked;
use crate::lower::{Ground, lower};
use crate::plan::{self, Facts};
use crate::python::Lock;

/// The file that uv writes.
const PYLOCK: &str = "pylock.toml";

/// Has uv make the lock, and reads it; `files` are the context's files that the requirements name.
pub(super) async fn lock(
    build: &Build,
    checked: &Checked,
    ground: &Ground<'_>,
    facts: &Facts,
    files: &[String],
) -> Result<Option<Lock>, Failure> {
    let Some(plan) = plan::lock_steps(checked, facts, files) else {
        return Ok(None);
    };
    let output = lower(&plan.steps, ground).files(plan.result);
    let solved = image::solve(build, output.as_ref()).await?;
    let bytes = build.gateway.read_file(&solved, PYLOCK).await?;
    let lock = Lock::parse(&String::from_utf8_lossy(&bytes))
        .map_err(|error| Failure::bug(&format!("uv's lock cannot be read: {error}")))?;
    Ok(Some(lock))
}
