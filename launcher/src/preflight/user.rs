//! The user: OpenShift and `--user` give a container any uid they like.

use super::finding::fix;
use super::{Check, Container, Finding};

/// Another user than the image's own has a passwd entry.
pub fn check(of_image: u32, container: &Container) -> Option<Finding> {
    if container.uid == of_image || container.uid == 0 || has_entry(container) {
        return None;
    }
    // What is in the environment is what libraries take.
    let has_name = ["LOGNAME", "USER"]
        .iter()
        .any(|name| container.env(name).is_some());
    let home = container.env("HOME").unwrap_or("/");
    let has_home = container.can_write(home).is_ok();
    if has_name && has_home {
        return None;
    }
    let (what, why) = match has_home {
        true => (
            "has no name",
            "programs that look up their own name fail (`getpwuid`, Python's `getpass`)",
        ),
        false => (
            "has neither name nor home",
            "programs that look up their own name fail, and caches and settings cannot be written",
        ),
    };
    let fix = match has_home {
        true => fix(container, "add `-e USER=app`", "add the variable USER=app"),
        false => fix(
            container,
            "add `-e USER=app -e HOME=/tmp`",
            "add the variables USER=app and HOME=/tmp",
        ),
    };
    Some(Check::User.finding(format!("user {} {what} in this image", container.uid), why, fix))
}

fn has_entry(container: &Container) -> bool {
    let uid = container.uid.to_string();
    let passwd = container.read("/etc/passwd").unwrap_or_default();
    passwd.lines().any(|line| line.split(':').nth(2) == Some(&uid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_user_needs_a_name_and_a_home() {
        let folder = tempfile::tempdir().unwrap();
        let of = |env: &[(&str, &str)]| {
            check(500, &Container::at(folder.path(), env)).map(|finding| (finding.what, finding.fix))
        };
        let (what, fix) = of(&[("HOME", "/nowhere")]).unwrap();
        assert_eq!(what, "user 1000 has neither name nor home in this image");
        assert_eq!(fix, "add `-e USER=app -e HOME=/tmp`");
        assert_eq!(
            of(&[("HOME", "/")]).unwrap().0,
            "user 1000 has no name in this image"
        );
        assert_eq!(of(&[("HOME", "/"), ("USER", "app")]), None);
        assert_eq!(
            check(1000, &Container::at(folder.path(), &[])),
            None,
            "the image's own user"
        );
        std::fs::create_dir(folder.path().join("etc")).unwrap();
        std::fs::write(
            folder.path().join("etc/passwd"),
            "root:x:0:0::/:\nme:x:1000:1000::/home/me:\n",
        )
        .unwrap();
        assert_eq!(of(&[("HOME", "/nowhere")]), None);
    }
}
