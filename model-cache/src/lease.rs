//! `.uploading.json`: who uploads the model now. It saves traffic when many start together.
//!
//! Nothing depends on it: where a service ignores conditions, several upload the same bytes, and each writes the marker only
//! after it has stored or checked every file itself.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::bucket::{Bucket, Text, When};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::process::Process;

/// Name of the object, below the model's folder.
pub const NAME: &str = ".uploading.json";
/// Signs of life in the time after which a silent owner counts as dead.
const BEATS: u32 = 4;
/// How many times that long an owner may live without getting on.
const PATIENCE: u32 = 5;

/// A lease that is ours.
#[derive(Debug)]
pub struct Lease {
    bucket: Arc<Bucket>,
    lost: Arc<Notify>,
    beating: JoinHandle<()>,
}

/// What the object says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Claim {
    /// Drawn by each owner.
    id: u64,
    owner: Process,
    /// Counts signs of life, so that each changes the object.
    beat: u64,
    /// Bytes that were stored so far.
    stored: u64,
}

/// What a waiting process has seen of another's claim.
#[derive(Debug)]
struct Watch {
    etag: String,
    stored: u64,
    /// When the object changed.
    lived: Instant,
    /// When more was stored.
    moved: Instant,
}

/// What is to be done about somebody else's claim.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Wait,
    TakeOver,
    GiveUp,
}

impl Lease {
    /// Takes the lease if nobody has it, or if its owner is dead; `None` as long as somebody lives.
    ///
    /// # Errors
    /// When the bucket cannot be used, and when the owner lives but does not get on.
    pub async fn acquire(
        bucket: &Arc<Bucket>,
        waiting: &mut Waiting,
        stored: &Arc<AtomicU64>,
    ) -> Result<Option<Self>, Failure> {
        let claim = Claim::new();
        if let Some(etag) = bucket.write(NAME, claim.text(), When::Absent).await? {
            return Ok(Some(Self::keep(bucket, claim, etag, waiting.idle, stored)));
        }
        let Some(theirs) = bucket.read(NAME).await? else {
            return Ok(None);
        };
        match waiting.verdict(&theirs, Instant::now()) {
            Verdict::Wait => Ok(None),
            Verdict::GiveUp => Err(Failure::new(
                Exit::Busy,
                format!("another process uploads {} and does not get on", bucket.place()),
                "look at what it waits for; when it is gone, this one can start again",
            )),
            Verdict::TakeOver => {
                let etag = bucket
                    .write(NAME, claim.text(), When::Unchanged(&theirs.etag))
                    .await?;
                Ok(etag.map(|etag| Self::keep(bucket, claim, etag, waiting.idle, stored)))
            }
        }
    }

    /// Ends when somebody else took the lease, because this process was silent for too long.
    pub fn lost(&self) -> impl Future<Output = Failure> + use<> {
        let (lost, place) = (Arc::clone(&self.lost), self.bucket.place());
        async move {
            lost.notified().await;
            Failure::new(
                Exit::Busy,
                format!("another process took over {place}"),
                "start again: it will wait for that one; a longer IDLE_TIMEOUT waits longer for slow services",
            )
        }
    }

    /// Gives the lease back.
    pub async fn release(self) {
        self.beating.abort();
        // A lease that stays is taken over when it is old.
        let _ = self.bucket.delete(NAME).await;
    }

    fn keep(
        bucket: &Arc<Bucket>,
        claim: Claim,
        etag: String,
        idle: Duration,
        stored: &Arc<AtomicU64>,
    ) -> Self {
        let lost = Arc::new(Notify::new());
        let beating = beat(
            Arc::clone(bucket),
            claim,
            etag,
            idle / BEATS,
            Arc::clone(stored),
            Arc::clone(&lost),
        );
        Self {
            bucket: Arc::clone(bucket),
            beating: tokio::spawn(beating),
            lost,
        }
    }
}

async fn beat(
    bucket: Arc<Bucket>,
    mut claim: Claim,
    mut etag: String,
    pause: Duration,
    stored: Arc<AtomicU64>,
    lost: Arc<Notify>,
) {
    loop {
        tokio::time::sleep(pause).await;
        claim.beat += 1;
        claim.stored = stored.load(Ordering::Relaxed);
        match bucket.write(NAME, claim.text(), When::Unchanged(&etag)).await {
            Ok(Some(new)) => etag = new,
            Ok(None) => return lost.notify_one(),
            // The upload itself will say what is wrong with the service, if it lasts.
            Err(_) => {}
        }
    }
}

impl Claim {
    fn new() -> Self {
        Self {
            id: RandomState::new().hash_one(0),
            owner: Process::this(),
            beat: 0,
            stored: 0,
        }
    }

    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A process that waits for others.
#[derive(Debug)]
pub struct Waiting {
    /// After so long without a sign of life an owner counts as dead.
    idle: Duration,
    watch: Option<Watch>,
}

impl Waiting {
    /// Has seen nothing yet.
    pub fn new(idle: Duration) -> Self {
        Self { idle, watch: None }
    }

    /// How long to wait before the next look.
    pub fn pause(&self) -> Duration {
        (self.idle / 20).clamp(Duration::from_millis(200), Duration::from_secs(3))
    }

    fn verdict(&mut self, theirs: &Text, now: Instant) -> Verdict {
        // What nobody can read was not written by one of us.
        let Ok(claim) = serde_json::from_slice::<Claim>(&theirs.bytes) else {
            return Verdict::TakeOver;
        };
        if claim.owner.is_gone() {
            return Verdict::TakeOver;
        }
        let watch = self.watch.get_or_insert_with(|| Watch {
            etag: theirs.etag.clone(),
            stored: claim.stored,
            lived: now,
            moved: now,
        });
        if watch.etag != theirs.etag {
            watch.etag.clone_from(&theirs.etag);
            watch.lived = now;
        }
        if watch.stored != claim.stored {
            watch.stored = claim.stored;
            watch.moved = now;
        }
        if now.duration_since(watch.lived) > self.idle {
            return Verdict::TakeOver;
        }
        if now.duration_since(watch.moved) > self.idle * PATIENCE {
            return Verdict::GiveUp;
        }
        Verdict::Wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Duration = Duration::from_secs(60);

    fn claimed(beat: u64, stored: u64) -> Text {
        let claim = Claim {
            id: 1,
            owner: Process::elsewhere(),
            beat,
            stored,
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
    fn an_owner_that_lives_and_stores_nothing_is_given_up() {
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
