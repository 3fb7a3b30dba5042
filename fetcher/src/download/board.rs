//! What the lanes have brought, for the thread that follows them.

use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::ranges::Ranges;

/// The follower is woken for this many bytes at least, or the end.
const WORTH: u64 = 1 << 20;

/// Which bytes are there, and whether more come.
#[derive(Debug)]
pub(super) struct Board {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Debug)]
struct State {
    done: Ranges,
    /// What the follower waits for, in bytes from the start on.
    wanted: u64,
    stopped: bool,
}

impl Board {
    pub(super) fn new(done: Ranges) -> Self {
        Self {
            state: Mutex::new(State {
                done,
                wanted: 0,
                stopped: false,
            }),
            news: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These bytes are in the file.
    pub(super) fn insert(&self, range: Range<u64>) {
        let mut state = self.state();
        let waits = state.done.prefix() < state.wanted;
        state.done.insert(range);
        if waits && state.done.prefix() >= state.wanted {
            self.news.notify_one();
        }
    }

    /// What of these bytes is not in the file.
    pub(super) fn gaps(&self, within: Range<u64>) -> Vec<Range<u64>> {
        self.state().done.gaps(within)
    }

    pub(super) fn done(&self) -> Ranges {
        self.state().done.clone()
    }

    /// No more bytes come.
    pub(super) fn stop(&self) {
        self.state().stopped = true;
        self.news.notify_one();
    }

    /// Waits until there is more from the start on than `hashed`; `None` when no more comes.
    pub(super) fn wait(&self, hashed: u64, size: u64) -> Option<u64> {
        let wanted = (hashed + WORTH).min(size);
        let mut state = self.state();
        state.wanted = wanted;
        let waiting = |state: &mut State| state.done.prefix() < wanted && !state.stopped;
        let state = self
            .news
            .wait_while(state, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        let prefix = state.done.prefix();
        (prefix >= wanted).then_some(prefix)
    }
}
