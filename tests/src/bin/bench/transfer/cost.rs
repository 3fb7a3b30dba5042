//! What a program costs: time, processor time, memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run of a program cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Time from start to end.
    pub wall: Duration,
    /// Processor time of it and of the processes that it waited for.
    pub cpu: Duration,
    /// The most memory that it had at a time, with all its children, in KiB.
    pub peak: u64,
}

/// Runs a program, which must succeed.
pub fn of(command: &Command) -> Cost {
    // Only a parent learns how much processor time its children took: a shell says it (bash(1), `times`).
    let mut shell = Command::new("bash");
    shell.args(["-c", r#""$@" >&2; status=$?; times; exit $status"#, "bash"]);
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.stdout(Stdio::piped()).stderr(Stdio::piped());
    let start = Instant::now();
    let child = shell.spawn().expect("bash");
    let id = child.id();
    let waiting = std::thread::spawn(move || {
        let output = child.wait_with_output().expect("its output");
        (output, start.elapsed())
    });
    let mut peak = 0;
    while !waiting.is_finished() {
        peak = peak.max(children(id).map(memory).sum());
        std::thread::sleep(Duration::from_millis(5));
    }
    let (output, wall) = waiting.join().expect("no panic");
    assert!(
        output.status.success(),
        "{command:?}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let cpu = of_children(&String::from_utf8_lossy(&output.stdout));
    Cost { wall, cpu, peak }
}

/// The run whose time is in the middle.
pub fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by_key(|cost| cost.wall);
    costs[costs.len() / 2]
}

/// `times` prints two lines, user and system time of the shell and of its children: `0m1.234s 0m0.567s`.
fn of_children(times: &str) -> Duration {
    let line = times.lines().last().expect("two lines of times");
    line.split_whitespace().map(duration).sum()
}

fn duration(text: &str) -> Duration {
    let parts = text.trim_end_matches('s').split_once('m');
    let (minutes, seconds) = parts.expect("minutes and seconds");
    let minutes: f64 = minutes.parse().expect("minutes");
    let seconds: f64 = seconds.parse().expect("seconds");
    Duration::from_secs_f64(minutes * 60.0 + seconds)
}

/// All processes below one.
fn children(id: u32) -> Box<dyn Iterator<Item = u32>> {
    let own = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    let own: Vec<u32> = own.split_whitespace().filter_map(|id| id.parse().ok()).collect();
    Box::new(
        own.into_iter()
            .flat_map(|id| std::iter::once(id).chain(children(id))),
    )
}

/// What a process has in memory now, in KiB (proc_pid_status(5)).
fn memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_has_its_cost() {
        let mut command = Command::new("bash");
        command.args(["-c", "for ((i = 0; i < 100000; i++)); do :; done; sleep 0.1"]);
        let cost = of(&command);
        assert!(cost.wall >= Duration::from_millis(100) && cost.cpu > Duration::ZERO && cost.peak > 0);
        assert!(cost.cpu < cost.wall);
    }

    #[test]
    fn times_of_a_shell_are_read() {
        assert_eq!(
            of_children("0m0.001s 0m0.002s\n1m1.500s 0m0.250s\n"),
            Duration::from_millis(61_750)
        );
    }
}
