//! The container as the program will find it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, StatVfs};

/// The most that is read of a small file of the system.
const SMALL: u64 = 1 << 20;

/// Environment, ids and files.
#[derive(Debug, Clone)]
pub struct Container {
    /// What paths start from; `/` but in tests.
    root: PathBuf,
    env: BTreeMap<String, String>,
    /// The user that the program runs as.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
}

impl Container {
    /// The one that this process is in.
    pub fn this() -> Self {
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        Self {
            root: PathBuf::from("/"),
            env: std::env::vars_os()
                .map(|(name, value)| (text(name), text(value)))
                .collect(),
            uid: rustix::process::getuid().as_raw(),
            gid: rustix::process::getgid().as_raw(),
        }
    }

    /// A variable of the environment.
    pub fn env(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str)
    }

    /// A variable that says yes, as huggingface_hub reads it (`constants.py`, `ENV_VARS_TRUE_VALUES`).
    pub fn is_on(&self, name: &str) -> bool {
        let value = self.env(name).unwrap_or_default().to_uppercase();
        ["1", "ON", "YES", "TRUE"].contains(&value.as_str())
    }

    /// Where a path is for this process.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The text of a small file, when it can be read.
    pub fn read(&self, path: &str) -> Option<String> {
        let bytes = self.head(path, SMALL)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// At most so many bytes of the start of a file, when it can be read.
    pub fn head(&self, path: &str, bytes: u64) -> Option<Vec<u8>> {
        let mut head = Vec::new();
        let file = File::open(self.path(path)).ok()?;
        file.take(bytes).read_to_end(&mut head).ok()?;
        Some(head)
    }

    /// Names in a folder, sorted; none where there is no such folder.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(folder))
            .into_iter()
            .flatten()
            .flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// Whether a path is there, be it a link to something.
    pub fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Whether this user may write into a folder.
    ///
    /// # Errors
    /// With the reason of the kernel.
    pub fn can_write(&self, path: &str) -> rustix::io::Result<()> {
        rustix::fs::access(self.path(path), Access::WRITE_OK | Access::EXEC_OK)
    }

    /// What the file system of a path says of itself.
    pub fn file_system(&self, path: &str) -> Option<StatVfs> {
        rustix::fs::statvfs(self.path(path)).ok()
    }

    /// The mount that a path lies on (proc_pid_mountinfo(5), the fifth field): `/` for the container's own files.
    pub fn mount_of(&self, path: &str) -> Option<String> {
        let mounts = self.read("/proc/self/mountinfo")?;
        let points = mounts.lines().filter_map(|line| line.split(' ').nth(4));
        points
            .map(unescaped)
            .filter(|point| Path::new(path).starts_with(point))
            .max_by_key(String::len)
    }

    /// A container that lies in a folder, for tests.
    #[cfg(test)]
    pub fn at(root: &Path, env: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        Self {
            root: root.to_owned(),
            env: env.iter().map(own).collect(),
            uid: 1000,
            gid: 1000,
        }
    }
}

/// The kernel writes a space in a mount point as `\040` (`fs/proc_namespace.c`, `mangle`).
fn unescaped(text: &str) -> String {
    text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_mount_above_a_path_is_its_own() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("proc/self")).unwrap();
        let mounts = "1 0 0:1 / / rw - overlay overlay rw\n\
                      2 1 0:2 / /work rw - ext4 /dev/a rw\n\
                      3 1 0:3 / /work/my\\040data rw - ext4 /dev/a rw\n";
        std::fs::write(folder.path().join("proc/self/mountinfo"), mounts).unwrap();
        let container = Container::at(folder.path(), &[]);
        let mount = |path: &str| container.mount_of(path).unwrap();
        assert_eq!(mount("/work/my data/x"), "/work/my data");
        assert_eq!(mount("/work/other"), "/work");
        assert_eq!(mount("/workspace"), "/");
    }
}
