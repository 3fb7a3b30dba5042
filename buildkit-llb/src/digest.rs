use std::fmt;

use sha2::{Digest as _, Sha256};

/// The digest of a vertex: `sha256:` and the hex digest of the op's bytes.
///
/// It is the name of the vertex in a definition, in the daemon's progress stream and in warnings
/// (buildkit `client/llb/marshal.go: MarshalCacheInstance.Store`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let digits = Sha256::digest(bytes)
            .into_iter()
            .flat_map(|byte| [byte >> 4, byte & 0xf]);
        Self("sha256:".chars().chain(digits.map(hex)).collect())
    }

    /// A digest that a definition carries as text.
    pub(crate) fn from_wire(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The digest as it is written on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The hex digit of a half byte.
fn hex(half: u8) -> char {
    char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 })
}

/// Whether `text` is a `sha256:` digest with 64 lower-case hex digits.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(is_lower_hex))
}

fn is_lower_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_sha256_of_the_bytes() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b"").as_str(), empty);
    }

    #[test]
    fn only_lower_case_sha256_is_a_checksum() {
        let hex = "a".repeat(64);
        assert!(is_sha256(&format!("sha256:{hex}")));
        assert!(!is_sha256(&format!("sha256:{}", hex.to_uppercase())));
        assert!(!is_sha256(&format!("sha512:{hex}")));
        assert!(!is_sha256("sha256:abc"));
    }
}
