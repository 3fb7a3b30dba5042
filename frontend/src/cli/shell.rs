//! What shells and manuals know of the command.

use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::failure::Failure;

/// The completions of a shell.
pub(super) fn completions(shell: Shell) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "modelcrate", &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Writes `modelcrate.1` and a page for each verb into a folder.
pub(super) fn manual(folder: &Path) -> Result<i32, Failure> {
    let written =
        std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Arguments::command(), folder));
    let failed = |cause| {
        Failure::new(format!(
            "the manual cannot be written to `{}`: {cause}",
            folder.display()
        ))
    };
    written.map_err(failed)?;
    Ok(0)
}
