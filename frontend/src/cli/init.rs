//! `init`: a first spec for a folder.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use super::arguments::SPEC;
use super::failure::Failure;
use super::print;
use crate::init::{Folder, spec};

/// Files larger than this hold no code that a person wrote, in bytes.
const LARGEST: u64 = 8 << 20;
/// Folders further down say nothing of the image.
const DEEPEST: usize = 6;
/// So many files are read, those nearest to the top first.
const MOST: usize = 4000;
/// Folders with what others wrote.
const OTHERS: [&str; 6] = ["target", "node_modules", "venv", "__pycache__", "build", "dist"];
/// Ends of the files that are read.
const READ: [&str; 12] = [
    ".py",
    ".rs",
    ".go",
    ".cpp",
    ".cc",
    ".js",
    ".toml",
    ".lock",
    ".txt",
    ".ipynb",
    "Dockerfile",
    ".python-version",
];

/// Writes `modelcrate.yaml` into a folder that has none, or prints it.
pub(super) fn init(folder: &Path, printed: bool) -> Result<i32, Failure> {
    let unreadable = |cause| Failure::new(format!("`{}` cannot be read: {cause}", folder.display()));
    let found = self::folder(folder).map_err(unreadable)?;
    let text = spec(&found).map_err(|error| Failure::new(format!("this is a bug in modelcrate: {error}")))?;
    if printed {
        return print(&text);
    }
    let path = folder.join(SPEC);
    let mut file = File::create_new(&path).map_err(|cause| unwritten(&path, &cause))?;
    file.write_all(text.as_bytes())
        .map_err(|cause| unwritten(&path, &cause))?;
    eprintln!("wrote {}: read it, then run `modelcrate check`", path.display());
    Ok(0)
}

fn unwritten(path: &Path, cause: &io::Error) -> Failure {
    match cause.kind() {
        io::ErrorKind::AlreadyExists => Failure::new(format!("`{}` is there already", path.display()))
            .hint("`modelcrate init --print` shows what would be written"),
        _ => Failure::new(format!("`{}` cannot be written: {cause}", path.display())),
    }
}

/// Reads what a first spec may be made of.
///
/// # Errors
/// When the folder itself cannot be listed.
pub fn folder(root: &Path) -> io::Result<Folder> {
    let name = root
        .canonicalize()?
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let mut files = BTreeMap::new();
    let mut level = vec![String::new()];
    for _ in 0..DEEPEST {
        let mut below = Vec::new();
        for folder in level {
            match list(root, &folder, &mut below, &mut files) {
                Err(cause) if folder.is_empty() => return Err(cause),
                _ => {}
            }
        }
        level = below;
    }
    Ok(Folder {
        name: name.unwrap_or_default(),
        files,
    })
}

/// One folder: texts of its files, and the folders below it.
fn list(
    root: &Path,
    folder: &str,
    below: &mut Vec<String>,
    files: &mut BTreeMap<String, String>,
) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        let kind = entry.file_type()?;
        if kind.is_dir() && !name.starts_with('.') && !OTHERS.contains(&name.as_str()) {
            below.push(path);
        } else if kind.is_file()
            && files.len() < MOST
            && READ.iter().any(|end| name.ends_with(end))
            && entry.metadata()?.len() <= LARGEST
        {
            files.insert(
                path,
                String::from_utf8_lossy(&fs::read(entry.path())?).into_owned(),
            );
        }
    }
    below.sort();
    Ok(())
}
