//! Formats of weights: what a file must begin with, and what its header says of the rest.

use std::io::{self, Read};

use crate::safetensors;

/// Bytes from the start of a file that [`check`] wants to see, or all of a shorter one.
pub const HEAD: usize = 24;

/// Longest header of a safetensors file in bytes (`MAX_HEADER_SIZE` of huggingface/safetensors).
const LONGEST_HEADER: u64 = 100_000_000;
/// The version of GGUF with numbers of 8 bytes, and the latest that is known (ggml-org/ggml `docs/gguf.md`).
const GGUF: std::ops::RangeInclusive<u32> = 2..=3;
/// Bytes of a tensor at least: the length of its name, how many dimensions it has, its type and its place.
const GGUF_TENSOR: u64 = 24;
/// Bytes of a key with its value at least: the key's length, the type and one byte.
const GGUF_PAIR: u64 = 13;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// It says `.safetensors`, and has no header of such a file.
    Safetensors,
    /// Its header is not the JSON that describes tensors.
    Header,
    /// No tensor has this byte of the data, and later ones have one.
    Hole(u64),
    /// Two tensors have this byte of the data.
    Overlap(u64),
    /// The tensors and what lies behind the header are not equally long.
    Data {
        /// Bytes that the tensors need.
        tensors: u64,
        /// Bytes that the file has for them.
        file: u64,
    },
    /// It says `.gguf`, and does not begin with `GGUF`.
    Gguf,
    /// It begins with `GGUF`, and what follows is no version or counts more than the file can hold.
    GgufHeader,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Safetensors => {
                "it has no header of a safetensors file; it may be an error page or a pointer of git-lfs"
            }
            Self::Header => "its header is not the JSON of a safetensors file",
            Self::Hole(at) => return write!(f, "no tensor has the byte {at} of its data"),
            Self::Overlap(at) => return write!(f, "two tensors have the byte {at} of its data"),
            Self::Data { tensors, file } => {
                return write!(f, "its tensors are {tensors} bytes, and it has {file} for them");
            }
            Self::Gguf => "it does not begin with `GGUF`; it may be an error page or a pointer of git-lfs",
            Self::GgufHeader => "its header is not that of a GGUF file, or says that it is longer",
        })
    }
}

/// Looks at the first [`HEAD`] bytes of a file of this name and `size` in bytes.
///
/// # Errors
/// For a safetensors or GGUF file that is none.
pub fn check(path: &str, head: &[u8], size: u64) -> Result<(), Malformed> {
    match ending(path).as_str() {
        "safetensors" => header(head, size).map(drop).ok_or(Malformed::Safetensors),
        "gguf" => gguf(head, size),
        _ => Ok(()),
    }
}

/// Looks at the whole header of a file of this name and `size` in bytes, which `reader` is at the start of.
///
/// # Errors
/// When it cannot be read; within, for a safetensors or GGUF file that is none.
pub fn check_header(path: &str, mut reader: impl Read, size: u64) -> io::Result<Result<(), Malformed>> {
    let mut head = Vec::with_capacity(HEAD);
    reader.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    if let Err(why) = check(path, &head, size) {
        return Ok(Err(why));
    }
    match (ending(path).as_str(), header(&head, size), head.get(8..)) {
        ("safetensors", Some(length), Some(begun)) => safetensors::check(begun.chain(reader), length, size),
        _ => Ok(Ok(())),
    }
}

/// Bytes from the start of a file of this name that [`check_header`] reads at most.
pub fn header_end(path: &str, head: &[u8], size: u64) -> u64 {
    match (ending(path).as_str(), header(head, size)) {
        ("safetensors", Some(length)) => length.saturating_add(8),
        _ => HEAD as u64,
    }
}

/// Whether [`check`] knows what a file of this name must begin with.
pub fn is_known(path: &str) -> bool {
    matches!(ending(path).as_str(), "safetensors" | "gguf")
}

/// A length of 8 bytes, little-endian, and a JSON object of that length.
fn header(head: &[u8], size: u64) -> Option<u64> {
    let (length, rest) = head.split_first_chunk::<8>()?;
    let length = u64::from_le_bytes(*length);
    let is_one = length <= LONGEST_HEADER && length.saturating_add(8) <= size && rest.first() == Some(&b'{');
    is_one.then_some(length)
}

/// The word, a version, how many tensors and how many keys: of the machine's own order of bytes.
fn gguf(head: &[u8], size: u64) -> Result<(), Malformed> {
    let rest = head.strip_prefix(b"GGUF").ok_or(Malformed::Gguf)?;
    let (version, rest) = rest.split_first_chunk::<4>().ok_or(Malformed::GgufHeader)?;
    let [little, big] = [u32::from_le_bytes(*version), u32::from_be_bytes(*version)];
    // A version that is no small number in either order is no version.
    let (version, is_little) = match little < big {
        true => (little, true),
        false => (big, false),
    };
    if version == 0 || version > u32::from(u16::MAX) {
        return Err(Malformed::GgufHeader);
    }
    if !GGUF.contains(&version) {
        return Ok(());
    }
    let count = |at: usize| {
        let bytes = *rest.get(at..)?.first_chunk::<8>()?;
        Some(match is_little {
            true => u64::from_le_bytes(bytes),
            false => u64::from_be_bytes(bytes),
        })
    };
    let least = count(0).zip(count(8)).and_then(|(tensors, pairs)| {
        let tensors = tensors.checked_mul(GGUF_TENSOR)?;
        let pairs = pairs.checked_mul(GGUF_PAIR)?;
        tensors.checked_add(pairs)?.checked_add(HEAD as u64)
    });
    match least {
        Some(least) if least <= size => Ok(()),
        _ => Err(Malformed::GgufHeader),
    }
}

/// The letters after the last dot of a file's name, in lower case.
pub fn ending(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_told_from_pages() {
        let mut head = 300_u64.to_le_bytes().to_vec();
        head.push(b'{');
        assert_eq!(check("a/model.safetensors", &head, 400), Ok(()));
        assert_eq!(
            check("model.safetensors", &head, 307),
            Err(Malformed::Safetensors)
        );
        assert_eq!(
            check("model.safetensors", b"<?xml ver", 78),
            Err(Malformed::Safetensors)
        );
        assert_eq!(
            check("model.safetensors", b"boom", 4),
            Err(Malformed::Safetensors)
        );
        assert_eq!(check("m.gguf", b"version h", 132), Err(Malformed::Gguf));
        assert_eq!(check("config.json", b"", 0), Ok(()));
    }

    /// The start of a GGUF file.
    fn gguf(version: [u8; 4], tensors: u64, pairs: u64) -> Vec<u8> {
        [
            &b"GGUF"[..],
            &version,
            &tensors.to_le_bytes(),
            &pairs.to_le_bytes(),
        ]
        .concat()
    }

    #[test]
    fn a_gguf_file_counts_no_more_than_it_can_hold() {
        let wrong = Err(Malformed::GgufHeader);
        let three = 3_u32.to_le_bytes();
        assert_eq!(check("m.GGUF", &gguf(three, 0, 0), 24), Ok(()));
        assert_eq!(check("m.gguf", &gguf(three, 2, 3), 24 + 2 * 24 + 3 * 13), Ok(()));
        assert_eq!(
            check("m.gguf", &gguf(three, 2, 3), 24 + 2 * 24 + 3 * 13 - 1),
            wrong
        );
        assert_eq!(check("m.gguf", &gguf(three, u64::MAX, u64::MAX), u64::MAX), wrong);
        assert_eq!(check("m.gguf", &gguf(three, 0, 0)[..23], 23), wrong);
        assert_eq!(check("m.gguf", b"GGUF", 4), wrong);
        assert_eq!(check("m.gguf", &gguf([0; 4], 0, 0), 24), wrong);
        assert_eq!(check("m.gguf", b"GGUF is the format that", 400), wrong);
        // Of a machine with the other order of bytes; of times before and after the versions that are known.
        let big = [
            b"GGUF".as_slice(),
            &3_u32.to_be_bytes(),
            &1_u64.to_be_bytes(),
            &0_u64.to_be_bytes(),
        ]
        .concat();
        assert_eq!(check("m.gguf", &big, 48), Ok(()));
        assert_eq!(check("m.gguf", &big, 47), wrong);
        for version in [1_u32, 4] {
            assert_eq!(
                check("m.gguf", &gguf(version.to_le_bytes(), u64::MAX, 0), 24),
                Ok(())
            );
        }
    }

    #[test]
    fn the_header_is_read_where_all_of_it_is_there() {
        let header = br#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#;
        let file = [&(header.len() as u64).to_le_bytes(), &header[..], b"xy"].concat();
        let size = file.len() as u64;
        let found = |size| check_header("m.safetensors", file.as_slice(), size).unwrap();
        assert_eq!(found(size), Ok(()));
        assert_eq!(found(size - 1), Err(Malformed::Data { tensors: 2, file: 1 }));
        assert_eq!(header_end("m.safetensors", &file[..HEAD], size), size - 2);
        assert_eq!(check_header("m.bin", file.as_slice(), size).unwrap(), Ok(()));
    }

    #[test]
    fn what_is_known_is_what_can_be_wrong() {
        for path in ["a/m.safetensors", "m.GGUF", "config.json", "model.onnx", "gguf"] {
            assert_eq!(is_known(path), check(path, b"", 0).is_err(), "{path}");
        }
    }
}
