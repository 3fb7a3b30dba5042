//! One state of a repository.

use std::io;
use std::path::Path;

use base16ct::lower::encode_string;
use sha1::{Digest as _, Sha1};

use super::file::File;

/// The files at one time.
#[derive(Debug, Clone)]
pub(super) struct Commit {
    /// 40 hex digits, which the paths and bytes of the files determine.
    pub id: String,
    /// By path.
    pub files: Vec<File>,
}

impl Commit {
    /// All files of a folder, without those of git.
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        collect(folder, "", &mut files)?;
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let mut digest = Sha1::new();
        for file in &files {
            digest.update(format!("{} {}\0", file.oid, file.path));
        }
        let id = encode_string(&digest.finalize());
        Ok(Self { id, files })
    }

    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

fn collect(folder: &Path, above: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| io::Error::other("a name that is not UTF-8"))?;
        let path = format!("{above}{name}");
        if !entry.path().is_dir() {
            files.push(File::read(path, &entry.path())?);
        } else if name != ".git" {
            collect(&entry.path(), &format!("{path}/"), files)?;
        }
    }
    Ok(())
}
