//! `lock`: the answer of the call of that name, in a file.

use std::path::Path;
use std::process::Stdio;

use modelcrate_fetcher::lock::NAME;

use super::arguments::Lock;
use super::failure::Failure;
use super::{docker, print};

/// Writes the lock beside the spec once it is whole: a shell's `>` would empty the file before the frontend reads it.
pub(super) fn lock(lock: &Lock) -> Result<i32, Failure> {
    let mut docker = docker::answer("lock", &lock.asked)?;
    let output = docker.stderr(Stdio::inherit()).output();
    let output = output.map_err(|cause| Failure::no_docker(&cause))?;
    if !output.status.success() {
        return Ok(output.status.code().unwrap_or(1));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    if lock.print {
        return print(&text);
    }
    if lock.asked.folder().is_none() {
        let failure = Failure::new("a spec that is elsewhere has no folder for its lock");
        return Err(failure.hint("`--print` prints it"));
    }
    let path = lock.asked.spec().with_file_name(NAME);
    write(&path, &text)?;
    eprintln!("wrote {}", path.display());
    Ok(0)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed =
        |cause: std::io::Error| Failure::new(format!("`{}` cannot be written: {cause}", path.display()));
    let new = path.with_extension("lock.new");
    std::fs::write(&new, text).map_err(failed)?;
    std::fs::rename(&new, path).map_err(failed)
}
