//! An image as bytes: an OCI layout (opencontainers/image-spec `image-layout.md`), as a folder or as a tar archive.
//!
//! `docker save` writes one since Engine 25, whatever the engine's image store is.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use tar::EntryType;

/// An image as bytes.
#[derive(Debug)]
pub struct Archive(Kind);

#[derive(Debug)]
enum Kind {
    Folder(PathBuf),
    /// The file, and where each of its members is: first byte and length.
    Tar(PathBuf, BTreeMap<String, (u64, u64)>),
}

impl Archive {
    /// A folder, or a tar archive whose members are looked up once.
    ///
    /// # Errors
    /// When it cannot be read, or is no OCI layout.
    pub fn open(path: &Path) -> io::Result<Self> {
        let archive = match path.is_dir() {
            true => Self(Kind::Folder(path.to_owned())),
            false => Self(Kind::Tar(path.to_owned(), members(path)?)),
        };
        match archive.read("index.json") {
            Ok(_) => Ok(archive),
            Err(_) => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "no image is in it: an OCI layout has `index.json`, and `docker save` writes one since Engine 25",
            )),
        }
    }

    /// A member, to be read; `None` where the archive lacks it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn read(&self, name: &str) -> io::Result<Option<Box<dyn Read>>> {
        match &self.0 {
            Kind::Folder(folder) => match File::open(folder.join(name)) {
                Ok(file) => Ok(Some(Box::new(file))),
                Err(cause) if cause.kind() == io::ErrorKind::NotFound && name != "index.json" => Ok(None),
                Err(cause) => Err(cause),
            },
            Kind::Tar(path, members) => {
                let Some((start, length)) = members.get(name) else {
                    return match name {
                        "index.json" => Err(io::ErrorKind::NotFound.into()),
                        _ => Ok(None),
                    };
                };
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(*start))?;
                Ok(Some(Box::new(file.take(*length))))
            }
        }
    }
}

fn members(path: &Path) -> io::Result<BTreeMap<String, (u64, u64)>> {
    let mut members = BTreeMap::new();
    for entry in tar::Archive::new(File::open(path)?).entries_with_seek()? {
        let entry = entry?;
        if entry.header().entry_type() == EntryType::Regular {
            let name = entry
                .path()?
                .to_string_lossy()
                .trim_start_matches("./")
                .to_owned();
            members.insert(name, (entry.raw_file_position(), entry.size()));
        }
    }
    Ok(members)
}
