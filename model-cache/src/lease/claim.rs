//! What `.uploading.json` says.

use std::hash::{BuildHasher, RandomState};

use serde::{Deserialize, Serialize};

use crate::process::Process;

/// What the object says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claim {
    /// Drawn by each owner.
    pub(super) id: u64,
    /// Who has the lease.
    pub(super) owner: Process,
    /// Counts signs of life, so that each changes the object.
    pub(super) beat: u64,
    /// Bytes that came from the hub or were stored so far.
    pub(super) moved: u64,
}

impl Claim {
    /// A claim of this process.
    pub(super) fn new() -> Self {
        Self {
            id: RandomState::new().hash_one(0),
            owner: Process::this(),
            beat: 0,
            moved: 0,
        }
    }

    /// The text of the object.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a claim.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }

    /// Whether the text is this claim, in whatever state.
    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        Self::read(text).is_some_and(|claim| claim.id == self.id)
    }
}
