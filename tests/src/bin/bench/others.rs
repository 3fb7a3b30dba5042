//! How busy other programs keep the machine: seconds mean less then.

use std::time::Duration;

/// How long is looked, while nothing of ours runs.
const WINDOW: Duration = Duration::from_secs(5);

/// The part of the cores that is taken now, from 0 to 1.
pub fn busy() -> f64 {
    let before = Time::now();
    std::thread::sleep(WINDOW);
    Time::now().busy_since(&before)
}

/// What the kernel counts of all cores, in its own ticks (proc(5), `/proc/stat`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Time {
    all: u64,
    idle: u64,
}

impl Time {
    fn now() -> Self {
        let stat = std::fs::read_to_string("/proc/stat").expect("the kernel's counts");
        Self::of(stat.lines().next().expect("the line of all cores"))
    }

    /// `cpu USER NICE SYSTEM IDLE IOWAIT IRQ SOFTIRQ STEAL …`; guests are part of USER.
    fn of(line: &str) -> Self {
        let counts = line.split_whitespace().skip(1).take(8);
        let counts: Vec<u64> = counts.filter_map(|count| count.parse().ok()).collect();
        Self {
            all: counts.iter().sum(),
            idle: counts.iter().skip(3).take(2).sum(),
        }
    }

    fn busy_since(&self, before: &Self) -> f64 {
        let all = self.all.saturating_sub(before.all).max(1);
        let idle = self.idle.saturating_sub(before.idle).min(all);
        1.0 - idle as f64 / all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_idle_and_a_niced_program_is_not() {
        let before = Time::of("cpu  100 10 10 800 80 0 0 0 7 7");
        let after = Time::of("cpu  120 30 10 850 90 0 0 0 7 7");
        assert!((after.busy_since(&before) - 0.4).abs() < 1e-9);
    }
}
