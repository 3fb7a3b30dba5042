//! One file of a model.

use serde::{Deserialize, Serialize};

/// Folder beside a file in which it lies, below its digest, until it is whole.
pub const PARTIAL: &str = ".modelcrate-partial";

/// A file of a model: what it is called below the model's folder, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Path below the model's folder, see [`is_clean`].
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes: 64 lower-case hexadecimal digits.
    pub sha256: String,
}

impl File {
    /// Whether path and digest are of the forms that are promised; a lock or a server may say anything.
    pub fn is_sound(&self) -> bool {
        is_clean(&self.path) && is_sha256(&self.sha256)
    }
}

/// A path that stays below its folder: relative, no `.`, `..` or empty part, no backslash, no control character.
pub fn is_clean(path: &str) -> bool {
    let clean = |word: &str| !matches!(word, "" | "." | "..");
    path.split('/').all(clean) && !path.contains(|c: char| c.is_control() || c == '\\')
}

/// 64 lower-case hexadecimal digits.
pub fn is_sha256(text: &str) -> bool {
    is_hexadecimal(text, 64)
}

/// A commit of git: 40 lower-case hexadecimal digits.
pub fn is_commit(text: &str) -> bool {
    is_hexadecimal(text, 40)
}

fn is_hexadecimal(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_its_folder() {
        for path in ["a", "a/b.c", ".gitattributes", "a b/ü", "..a", "a.."] {
            assert!(is_clean(path), "{path}");
        }
        for path in ["", "/a", "a/", "a//b", ".", "..", "a/../b", "a\\b", "a\nb", "a\0"] {
            assert!(!is_clean(path), "{path:?}");
        }
    }

    #[test]
    fn digests_are_lower_case() {
        assert!(is_sha256(&"a0".repeat(32)));
        assert!(!is_sha256(&"A0".repeat(32)));
        assert!(!is_sha256("a0"));
        assert!(is_commit(&"1".repeat(40)));
        assert!(!is_commit("main"));
    }
}
