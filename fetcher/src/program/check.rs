//! `fetcher check`: files that the engine downloaded itself. It has compared their digests; sizes and first bytes are looked at here.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use modelcrate_fetcher::client::Error;
use modelcrate_fetcher::format::{self, HEAD};

use crate::arguments::{Check, Wanted};

/// Looks at all of them, up to the first that is wrong.
pub fn run(arguments: &Check) -> Result<(), Error> {
    let mut files = arguments.files.iter();
    files.try_for_each(|file| look(&arguments.folder, file))
}

fn look(folder: &Path, wanted: &Wanted) -> Result<(), Error> {
    let place = folder.join(&wanted.path);
    let failed = |error: std::io::Error| Error::storage(&place, &error);
    let file = File::open(&place).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let wrong = |problem: String| Error::Integrity {
        file: wanted.path.clone(),
        problem,
    };
    if let Some(wanted) = wanted.size.filter(|wanted| *wanted != size) {
        return Err(wrong(format!("it has {size} bytes, {wanted} were pinned")));
    }
    let mut head = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut head).map_err(failed)?;
    format::check(&wanted.path, &head, size).map_err(|why| wrong(why.to_string()))
}
