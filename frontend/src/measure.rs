//! The program that the steps of a budget run, `modelcrate measure FOLDER REPORT`: what the files of a folder weigh.
//!
//! It lies in the frontend's image and runs inside the engine. Bytes are those of files as a layer holds them, hard links
//! once. How small they get is estimated: files up to 1 MiB are deflated whole, of larger ones every eighth stretch, so
//! that a gigabyte of wheels costs seconds and not minutes.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

/// The word that makes the program measure.
pub const COMMAND: &str = "measure";
/// The word that makes it estimate the compressed size too.
pub const COMPRESSED: &str = "--compressed";
/// Files up to this size are deflated whole, in bytes.
const WHOLE: u64 = 1 << 20;
/// Of larger ones, so many bytes …
const STRETCH: u64 = 128 << 10;
/// … of every so many.
const STRIDE: u64 = 1 << 20;
/// A tar header (POSIX ustar).
const HEADER: usize = 512;
/// A folder is named when it holds this part of everything: a twentieth.
const NOTABLE: u64 = 20;

/// What a layer weighs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Bytes of its files.
    pub bytes: u64,
    /// Bytes as it travels, estimated; 0 when that was not asked.
    pub compressed: u64,
    /// Folders that hold much of it, the largest first; what one holds in others that are named is not counted in it.
    pub folders: Vec<Folder>,
}

/// A folder, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its absolute path.
    pub path: String,
    /// Bytes of its files.
    pub bytes: u64,
}

/// Runs `measure [--compressed] FOLDER REPORT`, when that is what the process was started for: its exit code.
pub fn command(mut arguments: impl Iterator<Item = OsString>) -> Option<i32> {
    if arguments.next()? != COMMAND {
        return None;
    }
    let mut rest: Vec<OsString> = arguments.collect();
    let compressed = rest.first().is_some_and(|first| first == COMPRESSED);
    if compressed {
        rest.remove(0);
    }
    let [folder, report] = rest.as_slice() else {
        eprintln!("usage: modelcrate {COMMAND} [{COMPRESSED}] FOLDER REPORT");
        return Some(2);
    };
    match measured(Path::new(folder), Path::new(report), compressed) {
        Ok(()) => Some(0),
        Err(error) => {
            eprintln!("cannot measure: {error}");
            Some(1)
        }
    }
}

fn measured(folder: &Path, report: &Path, compressed: bool) -> io::Result<()> {
    let json = serde_json::to_vec(&measure(folder, compressed)?)?;
    fs::write(report, json)
}

/// What the files of `root` weigh.
///
/// # Errors
/// When something in it cannot be read.
pub fn measure(root: &Path, compressed: bool) -> io::Result<Report> {
    let mut scale = Scale {
        root,
        known: BTreeSet::new(),
        small: compressed.then(|| DeflateEncoder::new(Counter(0), Compression::default())),
        large: 0,
    };
    let tree = scale.folder(root)?;
    let mut folders = Vec::new();
    tree.notable("", tree.bytes / NOTABLE, &mut folders);
    folders.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.path.cmp(&b.path)));
    Ok(Report {
        bytes: tree.bytes,
        compressed: match scale.small {
            Some(small) => small.finish()?.0 + scale.large,
            None => 0,
        },
        folders,
    })
}

/// A folder with all that is in it.
#[derive(Debug, Default)]
struct Tree {
    bytes: u64,
    folders: BTreeMap<String, Tree>,
}

impl Tree {
    /// Adds this folder and those in it that hold at least `least` bytes, and gives back what is named so.
    fn notable(&self, path: &str, least: u64, named: &mut Vec<Folder>) -> u64 {
        let large = self.folders.iter().filter(|(_, tree)| tree.bytes >= least.max(1));
        let below: u64 = large
            .map(|(name, tree)| tree.notable(&format!("{path}/{name}"), least, named))
            .sum();
        let rest = self.bytes - below;
        if rest < least.max(1) {
            return below;
        }
        named.push(Folder {
            path: if path.is_empty() { "/".into() } else { path.into() },
            bytes: rest,
        });
        self.bytes
    }
}

/// What has been weighed so far.
struct Scale<'a> {
    root: &'a Path,
    /// Files with several links.
    known: BTreeSet<(u64, u64)>,
    small: Option<DeflateEncoder<Counter>>,
    large: u64,
}

impl Scale<'_> {
    fn folder(&mut self, path: &Path) -> io::Result<Tree> {
        let mut entries: Vec<_> = fs::read_dir(path)?.collect::<io::Result<_>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut tree = Tree::default();
        for entry in entries {
            let data = entry.metadata()?;
            self.header(&entry.path())?;
            if data.is_dir() {
                let below = self.folder(&entry.path())?;
                tree.bytes += below.bytes;
                tree.folders
                    .insert(entry.file_name().to_string_lossy().into_owned(), below);
            } else if data.is_file() && (data.nlink() == 1 || self.known.insert((data.dev(), data.ino()))) {
                tree.bytes += data.len();
                self.file(&entry.path(), data.len())?;
            }
        }
        Ok(tree)
    }

    /// The tar header of an entry, much of it empty.
    fn header(&mut self, path: &Path) -> io::Result<()> {
        let Some(small) = &mut self.small else {
            return Ok(());
        };
        let name = path.strip_prefix(self.root).unwrap_or(path);
        let mut header = name.as_os_str().as_encoded_bytes().to_vec();
        header.resize(HEADER.max(header.len()), 0);
        small.write_all(&header)
    }

    fn file(&mut self, path: &Path, length: u64) -> io::Result<()> {
        let Some(small) = &mut self.small else {
            return Ok(());
        };
        let mut file = File::open(path)?;
        if length <= WHOLE {
            io::copy(&mut file, small)?;
            return Ok(());
        }
        let mut encoder = DeflateEncoder::new(Counter(0), Compression::default());
        let mut read = 0;
        for start in (0..length).step_by(usize::try_from(STRIDE).unwrap_or(usize::MAX)) {
            file.seek(SeekFrom::Start(start))?;
            read += io::copy(&mut (&file).take(STRETCH), &mut encoder)?;
        }
        let deflated = u128::from(encoder.finish()?.0);
        let whole = deflated * u128::from(length) / u128::from(read.max(1));
        self.large += u64::try_from(whole).unwrap_or(u64::MAX);
        Ok(())
    }
}

/// Counts what is written to it.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, size) in [
            ("a/lib/torch/big", 3 << 20),
            ("a/lib/small", 100),
            ("a/readme", 50),
            ("b/data", 1 << 20),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, vec![7; size]).unwrap();
        }
        fs::hard_link(folder.path().join("b/data"), folder.path().join("b/again")).unwrap();
        std::os::unix::fs::symlink("data", folder.path().join("b/link")).unwrap();
        folder
    }

    #[test]
    fn files_weigh_what_they_hold_and_hard_links_nothing() {
        let folder = folder();
        let report = measure(folder.path(), false).unwrap();
        assert_eq!(report.bytes, (4 << 20) + 150);
        let folders: Vec<(&str, u64)> = report
            .folders
            .iter()
            .map(|folder| (folder.path.as_str(), folder.bytes))
            .collect();
        assert_eq!(folders, [("/a/lib/torch", 3 << 20), ("/b", 1 << 20)]);
        assert_eq!(report.compressed, 0);
    }

    #[test]
    fn the_estimate_is_near_what_gzip_makes() {
        let folder = tempfile::tempdir().unwrap();
        // Words of a small language, which deflate about as program text does.
        let mut state = 1_u64;
        let mut text = Vec::new();
        while text.len() < 5 << 20 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.extend_from_slice(
                ["torch ", "nn. ", "def ", "return ", "x = ", "\n"][(state >> 33) as usize % 6].as_bytes(),
            );
        }
        fs::write(folder.path().join("large"), &text).unwrap();
        fs::write(folder.path().join("small"), &text[..500_000]).unwrap();
        let estimated = measure(folder.path(), true).unwrap().compressed;
        let mut encoder = DeflateEncoder::new(Counter(0), Compression::default());
        encoder.write_all(&text).unwrap();
        encoder.write_all(&text[..500_000]).unwrap();
        let real = encoder.finish().unwrap().0;
        assert!(estimated.abs_diff(real) < real / 20, "{estimated} {real}");
    }

    #[test]
    fn the_program_writes_a_report_when_it_is_asked() {
        let folder = folder();
        let report = folder.path().join("report");
        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>().into_iter();
        let [tree, report] = [&folder.path().join("b"), &report].map(|path| path.display().to_string());
        assert_eq!(command(words(&[])), None);
        assert_eq!(command(words(&["serve"])), None);
        assert_eq!(command(words(&["measure", &tree])), Some(2));
        assert_eq!(command(words(&["measure", "/nowhere/at/all", &report])), Some(1));
        assert_eq!(
            command(words(&["measure", "--compressed", &tree, &report])),
            Some(0)
        );
        let read: Report = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
        assert_eq!(read.bytes, 1 << 20);
        assert!(
            read.compressed > 0 && read.compressed < 10_000,
            "{}",
            read.compressed
        );
    }
}
