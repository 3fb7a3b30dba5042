//! A process, as another one can tell whether it still runs.

use serde::{Deserialize, Serialize};

/// Which process this is, as far as others on the same machine can know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The host's name: a pod's, in Kubernetes.
    host: String,
    /// The namespace that `id` is of (namespaces(7)), `pid:[4026531836]`, and the boot that both are of.
    space: String,
    /// Process id.
    id: u32,
    /// When it started, in ticks since the boot (proc_pid_stat(5), field 22): ids are used again.
    started: String,
}

impl Process {
    /// This process.
    pub fn this() -> Self {
        let id = std::process::id();
        Self {
            host: read("/proc/sys/kernel/hostname"),
            space: space(),
            id,
            started: started(id),
        }
    }

    /// Whether it certainly runs no longer. Of other machines and containers nothing is certain.
    pub fn is_gone(&self) -> bool {
        let here = read("/proc/sys/kernel/hostname") == self.host && space() == self.space;
        here && started(self.id) != self.started
    }

    /// A process on another machine.
    #[cfg(test)]
    pub fn elsewhere() -> Self {
        Self {
            host: "elsewhere".into(),
            ..Self::this()
        }
    }
}

fn space() -> String {
    let space = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!("{} {}", space.display(), read("/proc/sys/kernel/random/boot_id"))
}

/// Empty for a process that is not there.
fn started(id: u32) -> String {
    let stat = read(&format!("/proc/{id}/stat"));
    // The second field is a name in parentheses, with any character in it.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let mut fields = after.split_whitespace();
    // A zombie has ended; only nobody has asked how.
    let runs = fields.next().is_some_and(|state| state != "Z");
    let start = if runs { fields.nth(18) } else { None };
    start.unwrap_or_default().to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path)
        .unwrap_or_default()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_one_runs_and_a_child_that_ended_does_not() {
        assert!(!Process::this().is_gone());
        assert!(!Process::elsewhere().is_gone());
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let process = Process {
            id: child.id(),
            started: started(child.id()),
            ..Process::this()
        };
        assert!(!process.is_gone());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(process.is_gone());
        let own = started(std::process::id());
        assert!(own.parse::<u64>().is_ok(), "{own}");
    }
}
