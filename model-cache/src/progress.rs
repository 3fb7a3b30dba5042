//! How far it is: bars on a terminal, a line now and then elsewhere.

use std::convert::Infallible;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Time between two lines.
const PAUSE: Duration = Duration::from_secs(10);

/// What has been moved of how much.
#[derive(Debug)]
pub struct Progress {
    verb: &'static str,
    total: u64,
    moved: Arc<AtomicU64>,
    bar: Option<ProgressBar>,
    start: Instant,
}

impl Progress {
    /// Nothing has been moved yet. `verb` is what is done to the bytes; `moved` counts them for others too.
    pub fn new(verb: &'static str, total: u64, moved: Arc<AtomicU64>, bars: bool) -> Self {
        let drawn = bars && std::io::stderr().is_terminal();
        Self {
            verb,
            total,
            moved,
            bar: drawn.then(|| bar(verb, total)),
            start: Instant::now(),
        }
    }

    /// Counts bytes that have arrived.
    pub fn add(&self, bytes: u64) {
        let moved = self.moved.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if let Some(bar) = &self.bar {
            bar.set_position(moved);
        }
    }

    /// Says something that is done.
    pub fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{line}")),
            None => eprintln!("{line}"),
        }
    }

    /// Says from time to time how far it is, forever.
    pub async fn report(&self) -> Infallible {
        loop {
            tokio::time::sleep(PAUSE).await;
            if self.bar.is_none() {
                eprintln!("{}", self.line());
            }
        }
    }

    /// Ends the bar and says what was moved in all.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        eprintln!("{}", self.line());
    }

    fn line(&self) -> String {
        let moved = self.moved.load(Ordering::Relaxed);
        line(self.verb, moved, self.total, self.start.elapsed())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(verb: &'static str, total: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{prefix} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    let bar = ProgressBar::new(total).with_prefix(verb);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn line(verb: &str, moved: u64, total: u64, time: Duration) -> String {
    let percent = (moved * 100).checked_div(total).unwrap_or(100);
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    let speed = moved as f64 / 1e6 / time.as_secs_f64().max(0.001);
    format!(
        "{verb} {} of {} ({percent} %), {speed:.1} MB/s",
        megabytes(moved),
        megabytes(total)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_and_how_fast() {
        assert_eq!(
            line("stored", 50_000_000, 200_000_000, Duration::from_secs(2)),
            "stored 50.0 MB of 200.0 MB (25 %), 25.0 MB/s"
        );
        assert_eq!(
            line("stored", 0, 0, Duration::ZERO),
            "stored 0.0 MB of 0.0 MB (100 %), 0.0 MB/s"
        );
    }
}
