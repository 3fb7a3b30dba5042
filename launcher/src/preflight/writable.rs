//! `writable:` and the image's volumes: folders that the program writes to.

use std::os::unix::fs::MetadataExt;

use rustix::io::Errno;

use super::finding::fix;
use super::{Check, Container, Finding};

/// A folder that is there and that this user may write to.
pub fn check(path: &str, container: &Container) -> Option<Finding> {
    let why = "the program fails when it writes there";
    let finding = |what: String, fix: &str| Some(Check::Writable.finding(what, why, fix));
    let volume =
        format!("add `-v SOURCE:{path}`, or `--tmpfs {path}` when its files may go with the container");
    let claim = format!("add a volume with `mountPath: {path}`");
    let volume = fix(container, &volume, &claim);
    match container.can_write(path) {
        Ok(()) if container.path(path).is_dir() => None,
        Ok(()) | Err(Errno::NOTDIR) => finding(format!("`{path}` is not a folder"), volume),
        Err(Errno::NOENT) => finding(format!("`{path}` does not exist"), volume),
        Err(Errno::ROFS) => finding(format!("`{path}` is on a read-only file system"), volume),
        Err(_) => {
            let owner = std::fs::metadata(container.path(path)).map(|meta| (meta.uid(), meta.gid()));
            let (uid, gid) = owner.unwrap_or_default();
            let docker = format!(
                "add `--user {uid}:{gid}`, or give the folder to {} with `chown`",
                container.uid
            );
            let kubernetes = format!("add `securityContext: {{ fsGroup: {gid} }}`");
            finding(
                format!(
                    "user {}:{} cannot write to `{path}`, which belongs to {uid}:{gid}",
                    container.uid, container.gid
                ),
                fix(container, &docker, &kubernetes),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_written_to_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let container = Container::at(folder.path(), &[]);
        let what = || check("/data", &container).map(|finding| finding.what);
        assert_eq!(what().unwrap(), "`/data` does not exist");
        std::fs::write(folder.path().join("data"), "").unwrap();
        assert!(what().is_some());
        std::fs::remove_file(folder.path().join("data")).unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        assert_eq!(what(), None);
    }
}
