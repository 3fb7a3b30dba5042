//! `workspace:`, the folder in which users have their files.

use std::io::ErrorKind;

use super::finding::fix;
use super::{Check, Container, Finding};

/// Mounted, readable, and not empty.
pub fn check(path: &str, container: &Container) -> Option<Finding> {
    let finding = |what: String, why: &str, fix: &str| Some(Check::Workspace.finding(what, why, fix));
    let mount = format!("add `-v \"$(pwd)\":{path}`");
    let claim = format!("add a volume with `mountPath: {path}`");
    let mount = fix(container, &mount, &claim);
    if container.mount_of(path).as_deref() == Some("/") {
        return finding(
            format!("nothing is mounted at `{path}`"),
            "the program finds none of your files, and what it writes is lost with the container",
            mount,
        );
    }
    match std::fs::read_dir(container.path(path)).map(|mut entries| entries.next().is_none()) {
        Ok(false) => None,
        Ok(true) => {
            let source = format!(
                "look at what is mounted: the left side of `-v SOURCE:{path}` should hold your files"
            );
            let volume = format!("fill the volume that is mounted at {path}, or mount another one");
            finding(
                format!("`{path}` is empty"),
                "the program finds none of your files",
                fix(container, &source, &volume),
            )
        }
        Err(cause) if cause.kind() == ErrorKind::PermissionDenied => finding(
            format!("user {} cannot read `{path}`", container.uid),
            "the program finds none of your files",
            fix(
                container,
                "add `--user \"$(id -u):$(id -g)\"` to run as the owner of your files",
                "add `securityContext: { fsGroup: … }` with a group that can read the volume",
            ),
        ),
        Err(_) => finding(
            format!("`{path}` is not a folder"),
            "the program finds none of your files",
            mount,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_is_mounted_and_holds_something() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("proc/self")).unwrap();
        std::fs::create_dir(root.join("work")).unwrap();
        let mounts = |text: &str| std::fs::write(root.join("proc/self/mountinfo"), text).unwrap();
        let what = |env: &[(&str, &str)]| {
            check("/work", &Container::at(root, env)).map(|finding| (finding.what, finding.fix))
        };
        let told = |what: &str, fix: &str| Some((what.to_owned(), fix.to_owned()));

        mounts("1 0 0:1 / / rw - overlay overlay rw\n");
        assert_eq!(
            what(&[]),
            told("nothing is mounted at `/work`", "add `-v \"$(pwd)\":/work`")
        );
        let pod = [("KUBERNETES_SERVICE_HOST", "10.0.0.1")];
        assert_eq!(what(&pod).unwrap().1, "add a volume with `mountPath: /work`");
        mounts("1 0 0:1 / / rw - overlay overlay rw\n2 1 0:2 / /work rw - ext4 /dev/a rw\n");
        assert_eq!(what(&[]).unwrap().0, "`/work` is empty");
        std::fs::write(root.join("work/config.yaml"), "").unwrap();
        assert_eq!(what(&[]), None);
    }
}
