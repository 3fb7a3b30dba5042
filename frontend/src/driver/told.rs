//! What the user has been told beside the answer: each warning once, whatever many platforms and targets find it.

use std::sync::{Mutex, PoisonError};

use crate::diagnostic::{Code, Diagnostic};

/// The warnings of one build.
#[derive(Debug, Default)]
pub(crate) struct Told(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    told: Vec<Diagnostic>,
    skipped: Vec<Code>,
    kept: bool,
}

impl Told {
    /// Keeps warnings for the answer from here on, instead of showing them.
    pub(super) fn keep(&self) {
        self.with(|state| state.kept = true);
    }

    /// Takes note of what the spec does not want to hear.
    pub(super) fn skip(&self, codes: &[Code]) {
        self.with(|state| state.skipped.extend(codes));
    }

    /// Whether a warning is to be shown now.
    pub(super) fn is_news(&self, warning: &Diagnostic) -> bool {
        self.with(|state| {
            if state.skipped.contains(&warning.code) || state.told.contains(warning) {
                return false;
            }
            state.told.push(warning.clone());
            !state.kept
        })
    }

    /// All of them so far.
    pub(super) fn all(&self) -> Vec<Diagnostic> {
        self.with(|state| state.told.clone())
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
