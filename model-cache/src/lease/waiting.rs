//! Waiting for whoever uploads, as long as that one lives and gets on.

use std::time::{Duration, Instant};

use super::claim::Claim;
use crate::bucket::Text;

/// How many times [`Waiting::idle`] an owner may live without getting on.
const PATIENCE: u32 = 5;

/// What a waiting process has seen of another's claim.
#[derive(Debug)]
struct Watch {
    etag: String,
    moved: u64,
    /// When the object changed.
    lived: Instant,
    /// When more was moved.
    got_on: Instant,
}

/// What is to be done about somebody else's claim.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Wait,
    TakeOver,
    GiveUp,
}

/// A process that waits for others.
#[derive(Debug)]
pub struct Waiting {
    idle: Duration,
    watch: Option<Watch>,
}

impl Waiting {
    /// Has seen nothing yet.
    pub fn new(idle: Duration) -> Self {
        Self { idle, watch: None }
    }

    /// After so long without a sign of life an owner counts as dead.
    pub(super) fn idle(&self) -> Duration {
        self.idle
    }

    /// How long to wait before the next look.
    pub fn pause(&self) -> Duration {
        (self.idle / 20).clamp(Duration::from_millis(200), Duration::from_secs(3))
    }

    /// What is to be done about a claim.
    pub(super) fn verdict(&mut self, theirs: &Text, now: Instant) -> Verdict {
        // What nobody can read was not written by one of us.
        let Some(claim) = Claim::read(&theirs.bytes) else {
            return Verdict::TakeOver;
        };
        if claim.owner.is_gone() {
            return Verdict::TakeOver;
        }
        let watch = self.watch.get_or_insert_with(|| Watch {
            etag: theirs.etag.clone(),
            moved: claim.moved,
            lived: now,
            got_on: now,
        });
        if watch.etag != theirs.etag {
            watch.etag.clone_from(&theirs.etag);
            watch.lived = now;
        }
        if watch.moved != claim.moved {
            watch.moved = claim.moved;
            watch.got_on = now;
        }
        if now.duration_since(watch.lived) > self.idle {
            return Verdict::TakeOver;
        }
        if now.duration_since(watch.got_on) > self.idle * PATIENCE {
            return Verdict::GiveUp;
        }
        Verdict::Wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Process;

    const IDLE: Duration = Duration::from_secs(60);

    fn claimed(beat: u64, moved: u64) -> Text {
        let claim = Claim {
            owner: Process::elsewhere(),
            beat,
            moved,
            ..Claim::new()
        };
        Text {
            bytes: claim.text().into(),
            etag: beat.to_string(),
        }
    }

    #[test]
    fn an_owner_that_shows_no_life_is_replaced() {
        let (mut waiting, start) = (Waiting::new(IDLE), Instant::now());
        assert_eq!(waiting.verdict(&claimed(1, 0), start), Verdict::Wait);
        assert_eq!(waiting.verdict(&claimed(1, 0), start + IDLE), Verdict::Wait);
        assert_eq!(
            waiting.verdict(&claimed(2, 9), start + IDLE * 3 / 2),
            Verdict::Wait
        );
        assert_eq!(waiting.verdict(&claimed(2, 9), start + IDLE * 2), Verdict::Wait);
        assert_eq!(
            waiting.verdict(&claimed(2, 9), start + IDLE * 3),
            Verdict::TakeOver
        );
    }

    #[test]
    fn an_owner_that_lives_and_moves_nothing_is_given_up() {
        let (mut waiting, start) = (Waiting::new(IDLE), Instant::now());
        for beat in 0..=PATIENCE {
            assert_eq!(
                waiting.verdict(&claimed(beat.into(), 7), start + IDLE * beat),
                Verdict::Wait
            );
        }
        let late = start + IDLE * (PATIENCE + 1);
        assert_eq!(waiting.verdict(&claimed(99, 7), late), Verdict::GiveUp);
    }

    #[test]
    fn what_is_no_claim_is_replaced() {
        let text = Text {
            bytes: "x".into(),
            etag: String::new(),
        };
        assert_eq!(
            Waiting::new(IDLE).verdict(&text, Instant::now()),
            Verdict::TakeOver
        );
    }
}
