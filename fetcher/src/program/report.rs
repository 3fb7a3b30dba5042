//! What people read, on standard error and without secrets.

use std::io::{Write, stderr};
use std::time::Duration;

use modelcrate_fetcher::client::{Error, Mask};
use modelcrate_fetcher::download::Progress;

/// How often it is said how far a download is.
const EVERY: Duration = Duration::from_secs(10);

/// Says what went wrong and what to do.
pub fn error(mask: &Mask, error: &Error) {
    let again = if error.exit().is_permanent() {
        "\nnote: starting again changes nothing"
    } else {
        ""
    };
    say(mask, &format!("error: {error}\n  hint: {}{again}", error.hint()));
}

/// Writes a line.
pub fn say(mask: &Mask, line: &str) {
    // There is nobody else to tell.
    let _ = writeln!(mask.writer(stderr().lock()), "{line}");
}

/// Says now and then how far it is, until it is done.
pub async fn watched<T>(
    mask: &Mask,
    name: &str,
    total: u64,
    progress: &Progress,
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    let mut before = progress.moved();
    loop {
        match tokio::time::timeout(EVERY, work.as_mut()).await {
            Ok(done) => return done,
            Err(_) => {
                let moved = progress.moved();
                let speed = (moved - before) / EVERY.as_secs();
                before = moved;
                let (there, speed) = (amount(progress.there()), amount(speed));
                say(mask, &format!("{name}: {there} of {}, {speed}/s", amount(total)));
            }
        }
    }
}

/// Panics are bugs; what they print may hold what a message held.
pub fn hide_in_panics(mask: &Mask) {
    let mask = mask.clone();
    std::panic::set_hook(Box::new(move |info| {
        say(&mask, &format!("error: this is a bug in modelcrate: {info}"));
    }));
}

/// Bytes for people: `1.5 GB`.
pub fn amount(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    match units.iter().find(|(_, unit)| bytes >= *unit) {
        Some((name, unit)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_short() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_540, "1.5 kB"),
            (16_199_999_999, "16.1 GB"),
        ] {
            assert_eq!(amount(bytes), text);
        }
    }
}
