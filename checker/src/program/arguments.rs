//! The command line. Builds write it, so it is read by hand: a library would be a dependency.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use crate::failure::Failure;

/// Files that are there, and of which somebody else has taken the digests.
pub struct Arguments {
    /// The folder that they lie in.
    pub folder: PathBuf,
    /// At least one.
    pub files: Vec<Wanted>,
}

/// What a file must be.
pub struct Wanted {
    /// Bytes, where they are known.
    pub size: Option<u64>,
    /// Path in the folder.
    pub path: String,
}

impl Arguments {
    /// Reads what comes after the program's name.
    pub fn parse(mut words: impl Iterator<Item = OsString>) -> Result<Self, Failure> {
        let (mut folder, mut files) = (None, Vec::new());
        while let Some(flag) = words.next() {
            let value = words.next();
            let value =
                value.ok_or_else(|| Failure::usage(format!("nothing follows `{}`", flag.display())))?;
            match flag.to_str() {
                Some("--in") => folder = Some(PathBuf::from(value)),
                Some("--file") => files.push(Wanted::parse(value)?),
                _ => return Err(Failure::usage(format!("no argument `{}`", flag.display()))),
            }
        }
        match folder {
            Some(folder) if !files.is_empty() => Ok(Self { folder, files }),
            _ => Err(Failure::usage("a folder and files in it are needed")),
        }
    }
}

impl Wanted {
    fn parse(word: OsString) -> Result<Self, Failure> {
        let text = word
            .into_string()
            .map_err(|word| Failure::usage(format!("`{}` is not UTF-8", word.display())))?;
        let (size, path) = text
            .split_once(':')
            .ok_or_else(|| Failure::usage(format!("`{text}` has no colon")))?;
        if !stays_below(path) {
            return Err(Failure::usage(format!("`{path}` leaves the folder")));
        }
        let bytes = |digits: &str| {
            let wrong = |_| Failure::usage(format!("`{digits}` are no bytes"));
            digits.parse().map_err(wrong)
        };
        let size = match size {
            "" => None,
            digits => Some(bytes(digits)?),
        };
        let path = path.to_owned();
        Ok(Self { size, path })
    }
}

fn stays_below(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}
