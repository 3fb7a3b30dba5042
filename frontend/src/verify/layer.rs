//! One layer: its files with their digests, and what is in its bytes.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};

use base16ct::lower::encode_string;
use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};
use tar::EntryType;

use super::scan::{Scanned, Wanted};
use super::zstd::Frames;
use super::{Class, LayerReport};

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A file: its bytes and their digest.
    File {
        /// Bytes.
        size: u64,
        /// 64 hexadecimal digits.
        sha256: String,
    },
    /// A link to another path, as it is written.
    Link(String),
}

/// Files of an image by absolute path.
pub(super) type Tree = BTreeMap<String, Node>;

/// What one layer holds, and what was found in it, each with the path.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub unpacked: u64,
    pub largest: Option<(u64, String)>,
    pub found: Vec<(Class, String, String)>,
    /// Texts of the files that are asked for.
    pub texts: BTreeMap<String, Vec<u8>>,
}

impl Contents {
    /// As it is told.
    pub fn report(&self, digest: &str, compressed: u64) -> LayerReport {
        LayerReport {
            digest: digest.to_owned(),
            compressed,
            unpacked: self.unpacked,
            largest: self.largest.as_ref().map(|(_, path)| path.clone()),
        }
    }
}

/// The stream of a layer, unpacked, by its media type; `None` where that is not known.
pub(super) fn unpacked(media_type: &str, bytes: Box<dyn Read>) -> Option<Box<dyn Read>> {
    let bytes = BufReader::with_capacity(1 << 16, bytes);
    match media_type {
        text if text.ends_with("gzip") => Some(Box::new(MultiGzDecoder::new(bytes))),
        text if text.ends_with("zstd") => Some(Box::new(Frames::new(bytes))),
        text if text.ends_with("tar") => Some(Box::new(bytes)),
        _ => None,
    }
}

/// Reads a layer over a tree. `kept` names the files whose texts are wanted.
///
/// # Errors
/// When the layer is cut off or is no archive.
pub(super) fn read(
    bytes: Box<dyn Read>,
    wanted: &Wanted,
    kept: &[&str],
    tree: &mut Tree,
) -> io::Result<Contents> {
    let mut layer = Contents::default();
    let mut scanned = Scanned::new(bytes, wanted);
    let mut starts: BTreeMap<u64, String> = BTreeMap::new();
    let mut archive = tar::Archive::new(&mut scanned);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = absolute(&entry.path()?.to_string_lossy());
        starts.insert(entry.raw_header_position(), path.clone());
        if is_whiteout(&path, tree) {
            continue;
        }
        let node = match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => file(&mut entry, &path, kept, &mut layer)?,
            EntryType::Link => {
                let target = absolute(&entry.link_name()?.unwrap_or_default().to_string_lossy());
                tree.get(&target).cloned().unwrap_or(Node::Link(target))
            }
            EntryType::Symlink => Node::Link(
                entry
                    .link_name()?
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            ),
            _ => continue,
        };
        tree.insert(path, node);
    }
    scanned.finish()?;
    for (at, class, what) in scanned.found {
        let place = starts.range(..=at).next_back().map(|(_, path)| path.clone());
        layer.found.push((class, place.unwrap_or_default(), what));
    }
    Ok(layer)
}

/// How a private key begins (RFC 7468).
const KEY: &[u8] = b"-----BEGIN ";

/// Reads a file to its end.
fn file(entry: &mut impl Read, path: &str, kept: &[&str], layer: &mut Contents) -> io::Result<Node> {
    let mut digest = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 1 << 16];
    let mut text = kept.contains(&path).then(Vec::new);
    loop {
        let read = entry.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        let bytes = &buffer[..read];
        // A file that is a key. Texts that speak of keys are in every package for cryptography.
        if size == 0 && bytes.starts_with(KEY) && first_line(bytes).ends_with(b"PRIVATE KEY-----") {
            layer
                .found
                .push((Class::Token, path.to_owned(), "a private key".into()));
        }
        digest.update(bytes);
        size += read as u64;
        if let Some(text) = &mut text {
            text.extend_from_slice(bytes);
        }
    }
    layer.unpacked += size;
    if layer.largest.as_ref().is_none_or(|(largest, _)| size > *largest) {
        layer.largest = Some((size, path.to_owned()));
    }
    layer.texts.extend(text.map(|text| (path.to_owned(), text)));
    let sha256 = encode_string(&digest.finalize());
    Ok(Node::File { size, sha256 })
}

fn first_line(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(bytes.len());
    bytes[..end].trim_ascii_end()
}

fn absolute(path: &str) -> String {
    format!("/{}", path.trim_start_matches("./").trim_matches('/'))
}

/// Removes what a whiteout removes (opencontainers/image-spec `layer.md`); whether the path is one.
fn is_whiteout(path: &str, tree: &mut Tree) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else {
        return false;
    };
    let Some(hidden) = name.strip_prefix(".wh.") else {
        return false;
    };
    let gone = match hidden {
        ".wh..opq" => format!("{folder}/"),
        hidden => format!("{folder}/{hidden}"),
    };
    let below = format!("{}/", gone.trim_end_matches('/'));
    tree.retain(|path, _| *path != gone && !path.starts_with(&below));
    true
}

/// The file at a path, links followed.
pub(super) fn followed<'a>(tree: &'a Tree, path: &str) -> Option<(u64, &'a str)> {
    let mut path = path.to_owned();
    for _ in 0..8 {
        match tree.get(&path)? {
            Node::File { size, sha256 } => return Some((*size, sha256)),
            Node::Link(target) if target.starts_with('/') => path = target.clone(),
            Node::Link(target) => path = joined(&path, target),
        }
    }
    None
}

/// A relative link's target.
fn joined(link: &str, target: &str) -> String {
    let mut parts: Vec<&str> = link.trim_start_matches('/').split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
