//! How the cluster sees whether a program is well.

use std::time::Duration;

use super::super::health::Asked;
use super::view::Probe;
use crate::check::Healthcheck;

/// The start may take as long as weights take to load; a server that was well is then asked more often.
pub(super) fn probes(check: &Healthcheck) -> Vec<Probe> {
    let Some(asked) = Asked::of(check) else {
        return Vec::new();
    };
    let timeout = check.timeout.map_or(5, whole_seconds);
    let period = check.interval.map_or(10, whole_seconds);
    let start = check.start_period.map_or(300, whole_seconds).max(60);
    let probe = |name, comment, period, failures| Probe {
        name,
        comment,
        test: asked.probe(),
        period,
        timeout,
        failures,
    };
    let retries = u64::from(check.retries.unwrap_or(3)).max(1);
    vec![
        probe(
            "startupProbe",
            "weights may take as long to load; no other probe runs before",
            5,
            start.div_ceil(5) * 2,
        ),
        probe(
            "readinessProbe",
            "no request reaches it while it is not well",
            period,
            1,
        ),
        probe(
            "livenessProbe",
            "it is started again after so many failures",
            period,
            retries,
        ),
    ]
}

pub(super) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().max(1)
}
