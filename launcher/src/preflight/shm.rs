//! `shm:`, the memory that processes share.

use super::finding::fix;
use super::{Check, Container, Finding};

/// What engines give a container that asks for nothing: 64 MiB (moby `daemon/config/config.go`, `DefaultShmSize`).
const FOLDER: &str = "/dev/shm";

/// `/dev/shm` has at least so many bytes.
pub fn check(wanted: u64, container: &Container) -> Option<Finding> {
    let size = container
        .file_system(FOLDER)
        .map_or(0, |system| system.f_blocks.saturating_mul(system.f_frsize));
    if size >= wanted {
        return None;
    }
    let docker = format!("add `--shm-size {}m`", wanted.div_ceil(1 << 20));
    Some(Check::Shm.finding(
        format!(
            "{FOLDER} has {}, the program needs {}",
            mebibytes(size),
            mebibytes(wanted)
        ),
        "processes that share tensors die of a bus error when it is full",
        fix(
            container,
            &docker,
            "add a volume `emptyDir: { medium: Memory }` with `mountPath: /dev/shm`",
        ),
    ))
}

fn mebibytes(bytes: u64) -> String {
    match bytes >> 20 {
        0 if bytes > 0 => "less than 1 MiB".into(),
        mebibytes => format!("{mebibytes} MiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_memory_has_a_least_size() {
        let folder = tempfile::tempdir().unwrap();
        let container = Container::at(folder.path(), &[]);
        let missing = check(256 << 20, &container).unwrap();
        assert_eq!(missing.what, "/dev/shm has 0 MiB, the program needs 256 MiB");
        assert_eq!(missing.fix, "add `--shm-size 256m`");
        std::fs::create_dir_all(folder.path().join("dev/shm")).unwrap();
        assert_eq!(check(1, &container), None);
        assert!(check(u64::MAX, &container).is_some());
    }
}
