//! How far a download is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts bytes; whoever shows them looks at a clone.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    there: AtomicU64,
    moved: AtomicU64,
}

impl Progress {
    /// Bytes that are there: those of this process, and those that an earlier one brought.
    pub fn there(&self) -> u64 {
        self.0.there.load(Ordering::Relaxed)
    }

    /// Bytes that this process received.
    pub fn moved(&self) -> u64 {
        self.0.moved.load(Ordering::Relaxed)
    }

    pub(super) fn resume(&self, bytes: u64) {
        self.0.there.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn restart(&self) {
        self.resume(0);
    }

    pub(super) fn add(&self, bytes: u64) {
        self.0.there.fetch_add(bytes, Ordering::Relaxed);
        self.0.moved.fetch_add(bytes, Ordering::Relaxed);
    }
}
