//! How far a download is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts bytes; whoever shows them looks at a clone.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    own: Arc<Counts>,
    /// Those of all files together.
    all: Option<Arc<Counts>>,
}

#[derive(Debug, Default)]
struct Counts {
    there: AtomicU64,
    moved: AtomicU64,
}

impl Progress {
    /// Counts a further file, into this count too.
    pub fn part(&self) -> Self {
        Self {
            own: Arc::default(),
            all: Some(self.own.clone()),
        }
    }

    /// Bytes that are there: those of this process, and those that an earlier one brought.
    pub fn there(&self) -> u64 {
        self.own.there.load(Ordering::Relaxed)
    }

    /// Bytes that this process received.
    pub fn moved(&self) -> u64 {
        self.own.moved.load(Ordering::Relaxed)
    }

    /// So many bytes are there already, whatever was counted before.
    pub(super) fn resume(&self, bytes: u64) {
        let before = self.own.there.swap(bytes, Ordering::Relaxed);
        if let Some(all) = &self.all {
            all.there.fetch_add(bytes, Ordering::Relaxed);
            all.there.fetch_sub(before, Ordering::Relaxed);
        }
    }

    pub(super) fn add(&self, bytes: u64) {
        for counts in [Some(&self.own), self.all.as_ref()].into_iter().flatten() {
            counts.there.fetch_add(bytes, Ordering::Relaxed);
            counts.moved.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_count_for_themselves_and_together() {
        let all = Progress::default();
        let (a, b) = (all.part(), all.part());
        a.resume(10);
        a.add(5);
        b.add(1);
        assert_eq!((a.there(), all.there(), all.moved()), (15, 16, 6));
        a.resume(0);
        assert_eq!((a.there(), all.there(), all.moved()), (0, 1, 6));
    }
}
