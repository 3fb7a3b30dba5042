//! How far it is: bars on a terminal, a line now and then elsewhere.

use std::convert::Infallible;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use modelcrate_fetcher::download;

/// Time between two lines.
const PAUSE: Duration = Duration::from_secs(10);
/// Time between two states of a bar.
const TICK: Duration = Duration::from_millis(200);

/// Counts bytes on their way; clones count the same ones.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    came: download::Progress,
    stored: Arc<AtomicU64>,
}

impl Moved {
    /// The count of a further file that comes.
    pub fn coming(&self) -> download::Progress {
        self.came.part()
    }

    /// Counts bytes that the bucket has taken.
    pub fn stored(&self, bytes: u64) {
        self.stored.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes that came or were stored: a number that grows for as long as anything gets on.
    pub fn both(&self) -> u64 {
        self.came.moved() + self.stored.load(Ordering::Relaxed)
    }
}

/// What is done to the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// They come from the hub and go into the bucket.
    Store,
    /// They come from the bucket.
    Pull,
}

/// What has been moved of how much.
#[derive(Debug)]
pub struct Progress {
    work: Work,
    total: u64,
    moved: Moved,
    bar: Option<ProgressBar>,
    start: Instant,
}

impl Progress {
    /// `moved` starts at nothing; `total` is what it will be. Bars are drawn where they are wanted and there is a terminal.
    pub fn new(work: Work, total: u64, moved: &Moved, bars: bool) -> Self {
        let drawn = bars && std::io::stderr().is_terminal();
        Self {
            work,
            total,
            moved: moved.clone(),
            bar: drawn.then(|| bar(total)),
            start: Instant::now(),
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
            let Some(bar) = &self.bar else {
                tokio::time::sleep(PAUSE).await;
                eprintln!("{}", self.line());
                continue;
            };
            bar.set_prefix(self.before());
            bar.set_position(self.done());
            tokio::time::sleep(TICK).await;
        }
    }

    /// Ends the bar and says what was moved in all.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        eprintln!("{}", self.line());
    }

    /// Bytes that are where they should be.
    fn done(&self) -> u64 {
        match self.work {
            Work::Store => self.moved.stored.load(Ordering::Relaxed),
            Work::Pull => self.moved.came.there(),
        }
    }

    /// What has been done to the bytes, and before that.
    fn before(&self) -> String {
        match self.work {
            Work::Store => format!("downloaded {}, stored", megabytes(self.moved.came.there())),
            Work::Pull => "pulled".to_owned(),
        }
    }

    fn line(&self) -> String {
        line(&self.before(), self.done(), self.total, self.start.elapsed())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{prefix} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    let bar = ProgressBar::new(total);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn line(before: &str, done: u64, total: u64, time: Duration) -> String {
    let percent = (done * 100).checked_div(total).unwrap_or(100);
    let speed = done as f64 / 1e6 / time.as_secs_f64().max(0.001);
    format!(
        "{before} {} of {} ({percent} %), {speed:.1} MB/s",
        megabytes(done),
        megabytes(total)
    )
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_and_how_fast() {
        assert_eq!(
            line("pulled", 50_000_000, 200_000_000, Duration::from_secs(2)),
            "pulled 50.0 MB of 200.0 MB (25 %), 25.0 MB/s"
        );
        assert_eq!(
            line("pulled", 0, 0, Duration::ZERO),
            "pulled 0.0 MB of 0.0 MB (100 %), 0.0 MB/s"
        );
    }

    #[test]
    fn what_is_stored_is_told_apart_from_what_came() {
        let moved = Moved::default();
        let progress = Progress::new(Work::Store, 4_000_000, &moved, true);
        moved.stored(1_000_000);
        assert!(
            progress
                .line()
                .starts_with("downloaded 0.0 MB, stored 1.0 MB of 4.0 MB (25 %)")
        );
        assert_eq!(moved.both(), 1_000_000);
    }
}
