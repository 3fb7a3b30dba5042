//! Archives of tar, plain or compressed: which files they hold, and how one is taken out.
//!
//! Whoever packed an archive may have meant harm: a path leaves no folder, and links, devices and pipes are refused, so that nothing
//! but plain files comes out.

use std::fs::File as Data;
use std::io::{BufReader, Read, Seek, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use sha2::{Digest, Sha256};

use crate::client::{Error, hexadecimal};
use crate::file::{File, is_clean};

/// The most files of an archive: more than any model has.
const MOST: usize = 100_000;
/// First bytes of gzip (RFC 1952 2.3.1) and of zstd (RFC 8878 3.1.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Bytes that are read at a time.
const PIECE: usize = 1 << 20;

/// The files of an archive with their digests, by path.
///
/// # Errors
/// For what is no archive, or holds something else than files and folders.
pub fn members(archive: &Path) -> Result<Vec<File>, Error> {
    let mut files = Vec::new();
    each(archive, |path, data| {
        let (size, sha256) = copy(data, &mut std::io::sink()).map_err(|error| broken(archive, &error))?;
        files.push(File { path, size, sha256 });
        Ok(files.len() >= MOST)
    })?;
    if files.len() >= MOST {
        return Err(bad(archive, "has more files than a model"));
    }
    files.sort();
    match files.windows(2).find(|pair| pair[0].path == pair[1].path) {
        Some(pair) => Err(bad(archive, &format!("has `{}` twice", pair[0].path))),
        None => Ok(files),
    }
}

/// Writes the file of this path; its size and digest, or nothing where the archive has none.
///
/// # Errors
/// As for [`members`], and when it cannot be written.
pub fn take(archive: &Path, wanted: &str, to: &mut impl Write) -> Result<Option<(u64, String)>, Error> {
    let mut taken = None;
    each(archive, |path, data| {
        if path == wanted {
            taken = Some(copy(data, to).map_err(|error| broken(archive, &error))?);
        }
        Ok(taken.is_some())
    })?;
    Ok(taken)
}

/// Calls `visit` for each file until it says that this was enough.
fn each(
    archive: &Path,
    mut visit: impl FnMut(String, &mut dyn Read) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut tar = tar::Archive::new(unpacked(archive)?);
    let entries = tar.entries().map_err(|error| broken(archive, &error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| broken(archive, &error))?;
        let bytes = entry.path_bytes().into_owned();
        let name = String::from_utf8_lossy(&bytes);
        let path = name.trim_start_matches("./").trim_end_matches('/').to_owned();
        match entry.header().entry_type() {
            tar::EntryType::Directory if matches!(path.as_str(), "" | ".") || is_clean(&path) => continue,
            tar::EntryType::Regular | tar::EntryType::Continuous | tar::EntryType::GNUSparse
                if is_clean(&path) => {}
            // What a whole archive says of itself.
            tar::EntryType::XGlobalHeader => continue,
            kind if is_clean(&path) => {
                let problem = format!("has `{path}`, which is no file but {}", word(kind));
                return Err(bad(archive, &problem));
            }
            _ => {
                let problem = format!("has `{}`, a path out of its folder", name.escape_default());
                return Err(bad(archive, &problem));
            }
        }
        if visit(path, &mut entry)? {
            return Ok(());
        }
    }
    Ok(())
}

fn word(kind: tar::EntryType) -> &'static str {
    match kind {
        tar::EntryType::Symlink | tar::EntryType::Link => "a link",
        _ => "a device or a pipe",
    }
}

/// The archive itself, whatever it is compressed with.
fn unpacked(archive: &Path) -> Result<Box<dyn Read>, Error> {
    let failed = |error: std::io::Error| Error::storage(archive, &error);
    let mut data = Data::open(archive).map_err(failed)?;
    let mut head = [0; 4];
    let mut got = 0;
    while got < head.len() {
        match data.read(&mut head[got..]).map_err(failed)? {
            0 => break,
            more => got += more,
        }
    }
    data.rewind().map_err(failed)?;
    let data = BufReader::with_capacity(PIECE, data);
    if head.starts_with(&GZIP) {
        return Ok(Box::new(MultiGzDecoder::new(data)));
    }
    if head == ZSTD {
        let decoder = StreamingDecoder::new(data).map_err(|error| bad(archive, &error.to_string()))?;
        return Ok(Box::new(decoder));
    }
    Ok(Box::new(data))
}

/// Size and digest of what was copied.
fn copy(from: &mut dyn Read, to: &mut impl Write) -> std::io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut size = 0;
    loop {
        let got = from.read(&mut piece)?;
        if got == 0 {
            return Ok((size, hexadecimal(&hash.finalize())));
        }
        hash.update(&piece[..got]);
        to.write_all(&piece[..got])?;
        size += got as u64;
    }
}

fn broken(archive: &Path, error: &std::io::Error) -> Error {
    bad(archive, &format!("cannot be unpacked: {error}"))
}

/// An archive is called by its digest.
fn bad(archive: &Path, problem: &str) -> Error {
    let name = archive.file_name().unwrap_or_default().display();
    Error::Usage {
        problem: format!("the archive sha256:{name} {problem}"),
        fix: "push the model with raw layers, as `modctl build --raw` makes them, or pack its plain files alone".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn entry(kind: tar::EntryType, path: &str, bytes: &[u8]) -> Vec<u8> {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        // Past the checks of the crate: others write archives too.
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        if kind == tar::EntryType::Symlink {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        let mut entry = header.as_bytes().to_vec();
        entry.extend(bytes);
        entry.resize(entry.len().next_multiple_of(512), 0);
        entry
    }

    fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn files_come_out_of_every_kind_of_archive() {
        let mut tar = entry(tar::EntryType::Directory, "./", b"");
        tar.extend(entry(tar::EntryType::Directory, "m/", b""));
        tar.extend(entry(tar::EntryType::Regular, "./m/b.gguf", b"GGUF"));
        tar.extend(entry(tar::EntryType::Regular, "m/a", b""));
        tar.extend([0; 1024]);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&tar).unwrap();
        let zstd = compress_to_vec(&tar[..], CompressionLevel::Fastest);
        for bytes in [tar, gzip.finish().unwrap(), zstd] {
            let file = written(&bytes);
            let members = members(file.path()).unwrap();
            let paths: Vec<(&str, u64)> = members
                .iter()
                .map(|file| (file.path.as_str(), file.size))
                .collect();
            assert_eq!(paths, [("m/a", 0), ("m/b.gguf", 4)]);
            let mut out = Vec::new();
            let taken = take(file.path(), "m/b.gguf", &mut out).unwrap().unwrap();
            assert_eq!(
                (taken, out.as_slice()),
                ((4, members[1].sha256.clone()), &b"GGUF"[..])
            );
            assert_eq!(take(file.path(), "m/c", &mut Vec::new()).unwrap(), None);
        }
    }

    #[test]
    fn nothing_but_files_below_the_folder_comes_out() {
        for (kind, path, words) in [
            (tar::EntryType::Regular, "../x", "a path out of its folder"),
            (tar::EntryType::Regular, "/etc/x", "a path out of its folder"),
            (tar::EntryType::Regular, "a/../../x", "a path out of its folder"),
            (tar::EntryType::Directory, "../x/", "a path out of its folder"),
            (tar::EntryType::Symlink, "x", "is no file but a link"),
            (tar::EntryType::Link, "x", "is no file but a link"),
            (tar::EntryType::Char, "x", "is no file but a device"),
            (tar::EntryType::Fifo, "x", "is no file but a device or a pipe"),
        ] {
            let file = written(&[entry(kind, path, b""), vec![0; 1024]].concat());
            let said = members(file.path()).unwrap_err().to_string();
            assert!(said.contains(words), "{path}: {said}");
            assert!(take(file.path(), "y", &mut Vec::new()).is_err(), "{path}");
        }
        let twice = entry(tar::EntryType::Regular, "x", b"").repeat(2);
        let said = members(written(&twice).path()).unwrap_err().to_string();
        assert!(said.ends_with("has `x` twice"), "{said}");
        let cut = &entry(tar::EntryType::Regular, "x", &[1; 600])[..800];
        assert!(members(written(cut).path()).is_err());
        assert!(members(written(&[b'<'; 600]).path()).is_err());
    }
}
