//! The folder for files on their way.

use std::fs::{DirBuilder, remove_dir};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

/// Makes a folder that nobody else may look into, and takes it away again.
///
/// # Errors
/// When the folder is not there or may not be written to.
pub fn can_hold_files(folder: &Path) -> io::Result<()> {
    let own = folder.join(format!(".model-cache-{}", std::process::id()));
    DirBuilder::new().mode(0o700).create(&own)?;
    remove_dir(own)
}
