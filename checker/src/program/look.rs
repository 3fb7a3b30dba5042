//! The look: the engine has compared digests, so sizes and headers are left.

use std::fs::File;
use std::path::Path;

use modelcrate_checker::format;

use crate::arguments::{Arguments, Wanted};
use crate::failure::Failure;

/// Looks at all files, up to the first that is wrong.
pub fn look(arguments: &Arguments) -> Result<(), Failure> {
    let mut files = arguments.files.iter();
    files.try_for_each(|file| look_at(&arguments.folder, file))
}

fn look_at(folder: &Path, wanted: &Wanted) -> Result<(), Failure> {
    let place = folder.join(&wanted.path);
    let failed = |error: std::io::Error| Failure::storage(&place, &error);
    let file = File::open(&place).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let wrong = |problem: String| Failure::Integrity {
        file: wanted.path.clone(),
        problem,
    };
    if let Some(wanted) = wanted.size.filter(|wanted| *wanted != size) {
        return Err(wrong(format!("it has {size} bytes, {wanted} were pinned")));
    }
    let checked = format::check_header(&wanted.path, file, size).map_err(failed)?;
    checked.map_err(|why| wrong(why.to_string()))
}
