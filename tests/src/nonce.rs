//! Words that nothing else has had.

use std::sync::atomic::{AtomicU64, Ordering};

/// Something that no other build has had.
pub fn nonce() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = std::time::UNIX_EPOCH
        .elapsed()
        .expect("a time after 1970")
        .as_nanos();
    format!("{now}-{}-{count}", std::process::id())
}
