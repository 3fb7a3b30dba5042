//! Formats of weights: what a file must begin with.

/// Bytes from the start of a file that [`check`] wants to see, or all of a shorter one.
pub const HEAD: usize = 9;

/// Longest header of a safetensors file in bytes (`MAX_HEADER_SIZE` of huggingface/safetensors).
const LONGEST_HEADER: u64 = 100_000_000;

/// What is wrong with the start of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// It says `.safetensors`, and has no header of such a file.
    Safetensors,
    /// It says `.gguf`, and does not begin with `GGUF`.
    Gguf,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Safetensors => {
                "it has no header of a safetensors file; it may be an error page or a pointer of git-lfs"
            }
            Self::Gguf => "it does not begin with `GGUF`; it may be an error page or a pointer of git-lfs",
        })
    }
}

/// Looks at the first [`HEAD`] bytes of a file of this name and `size` in bytes.
///
/// # Errors
/// For a safetensors or GGUF file that is none.
pub fn check(path: &str, head: &[u8], size: u64) -> Result<(), Malformed> {
    match ending(path).as_str() {
        "safetensors" if !is_safetensors(head, size) => Err(Malformed::Safetensors),
        "gguf" if !head.starts_with(b"GGUF") => Err(Malformed::Gguf),
        _ => Ok(()),
    }
}

/// Whether [`check`] knows what a file of this name must begin with.
pub fn is_known(path: &str) -> bool {
    matches!(ending(path).as_str(), "safetensors" | "gguf")
}

/// A length of 8 bytes, little-endian, and a JSON object of that length.
fn is_safetensors(head: &[u8], size: u64) -> bool {
    let Some((length, rest)) = head.split_first_chunk::<8>() else {
        return false;
    };
    let length = u64::from_le_bytes(*length);
    length <= LONGEST_HEADER && length.saturating_add(8) <= size && rest.first() == Some(&b'{')
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
        assert_eq!(check("m.GGUF", b"GGUF\x03", 5), Ok(()));
        assert_eq!(check("m.gguf", b"version h", 132), Err(Malformed::Gguf));
        assert_eq!(check("config.json", b"", 0), Ok(()));
    }

    #[test]
    fn what_is_known_is_what_can_be_wrong() {
        for path in ["a/m.safetensors", "m.GGUF", "config.json", "model.onnx", "gguf"] {
            assert_eq!(is_known(path), check(path, b"", 0).is_err(), "{path}");
        }
    }
}
