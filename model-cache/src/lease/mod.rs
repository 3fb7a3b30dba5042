//! `.uploading.json`: who uploads the model now. It saves traffic when many start together.
//!
//! Nothing depends on it: where a service ignores conditions, several upload the same bytes, and each writes the marker only
//! after it has stored or checked every file itself.

mod claim;
mod waiting;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::bucket::{Bucket, When};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::Moved;

use claim::Claim;
use waiting::Verdict;
pub use waiting::Waiting;

/// Name of the object, below the model's folder.
pub const NAME: &str = ".uploading.json";
/// Signs of life in the time after which a silent owner counts as dead.
const BEATS: u32 = 4;

/// A lease that is ours.
#[derive(Debug)]
pub struct Lease {
    bucket: Arc<Bucket>,
    lost: Arc<Notify>,
    beating: JoinHandle<()>,
}

impl Lease {
    /// Takes the lease if nobody has it, or if its owner is dead; `None` as long as somebody lives.
    ///
    /// # Errors
    /// When the bucket cannot be used, and when the owner lives but does not get on.
    pub async fn acquire(
        bucket: &Arc<Bucket>,
        waiting: &mut Waiting,
        moved: &Moved,
    ) -> Result<Option<Self>, Failure> {
        let claim = Claim::new();
        if let Some(etag) = bucket.write(NAME, claim.text(), When::Absent).await? {
            return Ok(Some(Self::keep(bucket, claim, etag, waiting.idle(), moved)));
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
                Ok(etag.map(|etag| Self::keep(bucket, claim, etag, waiting.idle(), moved)))
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

    /// Gives the lease back, unless it is another's by now.
    pub async fn release(self) {
        if self.beating.is_finished() {
            return;
        }
        self.beating.abort();
        // A lease that stays is taken over when it is old.
        let _ = self.bucket.delete(NAME).await;
    }

    fn keep(bucket: &Arc<Bucket>, claim: Claim, etag: String, idle: Duration, moved: &Moved) -> Self {
        let lost = Arc::new(Notify::new());
        let beating = beat(
            Arc::clone(bucket),
            claim,
            etag,
            idle / BEATS,
            moved.clone(),
            Arc::clone(&lost),
        );
        Self {
            bucket: Arc::clone(bucket),
            beating: tokio::spawn(beating),
            lost,
        }
    }
}

/// Ends when the lease is another's.
async fn beat(
    bucket: Arc<Bucket>,
    mut claim: Claim,
    mut etag: String,
    pause: Duration,
    moved: Moved,
    lost: Arc<Notify>,
) {
    loop {
        tokio::time::sleep(pause).await;
        claim.beat += 1;
        claim.moved = moved.both();
        // The upload itself will say what is wrong with the service, if it lasts.
        let Ok(written) = bucket.write(NAME, claim.text(), When::Unchanged(&etag)).await else {
            continue;
        };
        match written {
            Some(new) => etag = new,
            // A beat whose answer was lost, and that was sent again, is in its own way.
            None => match bucket.read(NAME).await {
                Ok(Some(text)) if claim.is_in(&text.bytes) => etag = text.etag,
                Ok(_) => return lost.notify_one(),
                Err(_) => {}
            },
        }
    }
}
