//! When to ask again, and when to stop.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::{Error, Settings};

/// The longest that a server can make us wait; limits of a hub are counted in windows of 300 seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(310);
/// Addresses that a hub signed and that are refused right away are asked for again this often.
const DENIALS: u32 = 3;
/// Failures of one work in all, even where each try brought something.
const FAILURES: u32 = 100;

/// A request that failed, and whether another may not.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) again: Again,
}

/// What may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// Nothing.
    Never,
    /// Time.
    Later,
    /// This much time, the server says.
    After(Duration),
    /// The place that an address led to refuses: it may have expired.
    Elsewhere,
}

impl Failure {
    pub(crate) fn never(error: Error) -> Self {
        Self {
            error,
            again: Again::Never,
        }
    }

    pub(crate) fn later(error: Error) -> Self {
        Self {
            error,
            again: Again::Later,
        }
    }

    /// As [`Self::later`], at the time that the server says, if it does.
    pub(crate) fn after(error: Error, wait: Option<Duration>) -> Self {
        Self {
            error,
            again: wait.map_or(Again::Later, Again::After),
        }
    }

    pub(crate) fn is_denial(&self) -> bool {
        self.again == Again::Elsewhere
    }
}

/// The tries of one piece of work.
#[derive(Debug)]
pub(crate) struct Tries {
    most: u32,
    shortest: Duration,
    longest: Duration,
    row: u32,
    denials: u32,
    failures: u32,
}

impl Tries {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            most: settings.tries,
            shortest: settings.shortest_wait,
            longest: settings.longest_wait,
            row: 0,
            denials: 0,
            failures: 0,
        }
    }

    /// The last request brought something: the count begins again.
    pub(crate) fn progressed(&mut self) {
        self.row = 0;
        self.denials = 0;
    }

    /// Waits until it is time to ask again.
    ///
    /// # Errors
    /// With the failure's own error when asking again is of no use.
    pub(crate) async fn wait(&mut self, failure: Failure) -> Result<(), Error> {
        let wait = self.next(failure)?;
        tokio::time::sleep(wait).await;
        Ok(())
    }

    fn next(&mut self, failure: Failure) -> Result<Duration, Error> {
        self.row += 1;
        self.failures += 1;
        let spent = self.row >= self.most || self.failures >= FAILURES;
        match failure.again {
            Again::Never => Err(failure.error),
            _ if spent => Err(failure.error),
            Again::Elsewhere if self.denials >= DENIALS => Err(failure.error),
            Again::Elsewhere => {
                self.denials += 1;
                Ok(self.jitter())
            }
            Again::Later => Ok(self.jitter()),
            Again::After(wait) if wait > LONGEST_WAIT => Err(failure.error),
            Again::After(wait) => Ok(wait + self.shortest.mul_f64(fastrand::f64())),
        }
    }

    /// Full jitter: anything up to a bound that doubles.
    fn jitter(&self) -> Duration {
        let doubled = self
            .shortest
            .saturating_mul(1 << self.row.saturating_sub(1).min(16));
        doubled.min(self.longest).mul_f64(fastrand::f64())
    }
}

/// How long the server says that it wants no request: `Retry-After` in seconds or as a date (RFC 9110 10.2.3), or `RateLimit`
/// with what remains and when it is more (`"resolvers";r=0;t=55`, draft-ietf-httpapi-ratelimit-headers).
pub(crate) fn wanted_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let after = text(RETRY_AFTER.as_str()).and_then(|value| retry_after(value, text(DATE.as_str())));
    after.or_else(|| rate_limit(text("ratelimit")?))
}

fn retry_after(value: &str, now: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    // The server's own clock says how far away its date is.
    let until = httpdate::parse_http_date(value).ok()?;
    let now = httpdate::parse_http_date(now?).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

fn rate_limit(value: &str) -> Option<Duration> {
    value.split(',').filter_map(window).max()
}

/// One window that has nothing left. One second more, since seconds are rounded down.
fn window(item: &str) -> Option<Duration> {
    let number = |name: &str| {
        let mut parameters = item.split(';').filter_map(|part| part.trim().split_once('='));
        parameters.find(|(key, _)| *key == name)?.1.parse::<u64>().ok()
    };
    (number("r")? == 0).then_some(())?;
    Some(Duration::from_secs(number("t")?.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    fn failure(again: Again) -> Failure {
        Failure {
            error: Error::Missing { address: "x".into() },
            again,
        }
    }

    #[test]
    fn a_server_says_how_long_it_wants_no_request() {
        for (pairs, seconds) in [
            (&[("retry-after", "7")][..], Some(7)),
            (
                &[
                    ("retry-after", "Sat, 21 Nov 2026 14:00:30 GMT"),
                    ("date", "Sat, 21 Nov 2026 14:00:00 GMT"),
                ],
                Some(30),
            ),
            (&[("ratelimit", r#""resolvers";r=0;t=55"#)], Some(56)),
            (&[("ratelimit", r#""api";r=3;t=9, "resolvers";r=0;t=2"#)], Some(3)),
            (&[("ratelimit", r#""resolvers";r=4;t=55"#)], None),
            (&[("retry-after", "soon")], None),
            (&[], None),
        ] {
            assert_eq!(
                wanted_wait(&headers(pairs)),
                seconds.map(Duration::from_secs),
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn tries_end_and_progress_counts() {
        let mut tries = Tries::new(&Settings::default());
        for _ in 0..5 {
            assert!(tries.next(failure(Again::Later)).is_ok());
        }
        tries.progressed();
        for _ in 0..5 {
            assert!(tries.next(failure(Again::Later)).unwrap() <= Duration::from_secs(30));
        }
        assert!(tries.next(failure(Again::Later)).is_err());
        assert!(
            Tries::new(&Settings::default())
                .next(failure(Again::Never))
                .is_err()
        );
    }

    #[test]
    fn an_address_is_asked_for_again_three_times() {
        let mut tries = Tries::new(&Settings::default());
        for _ in 0..3 {
            assert!(tries.next(failure(Again::Elsewhere)).is_ok());
        }
        assert!(tries.next(failure(Again::Elsewhere)).is_err());
    }

    #[test]
    fn nobody_makes_us_wait_for_an_hour() {
        let mut tries = Tries::new(&Settings::default());
        assert!(
            tries
                .next(failure(Again::After(Duration::from_secs(3600))))
                .is_err()
        );
        let wait = tries.next(failure(Again::After(Duration::from_secs(2)))).unwrap();
        assert!(wait >= Duration::from_secs(2));
    }
}
