//! The folders above what a layer brings.
//!
//! A layer that stands alone holds the folders above its files too, and what it says of them holds in the image: an `/etc` that
//! belongs to the user, a home that does not. So each is said, and has a fixed time.

use super::{Facts, FileAction, copies, system};
use crate::check::{Checked, User};

/// Folders of every system. They are root's, and so is what lies in those of the programs.
const SYSTEM: [&str; 20] = [
    "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt", "/proc", "/root",
    "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var", "/var/tmp",
];
/// Folders whose folders belong to the system too.
const OF_ROOT: [&str; 4] = ["/etc/", "/lib/", "/usr/", "/var/"];

/// Every folder above `dest`, which is one itself when it ends in `/`. New ones belong to the owner of what is copied.
pub(super) fn parents(
    dest: &str,
    owner: Option<(u32, u32)>,
    checked: &Checked,
    facts: &Facts,
) -> Vec<FileAction> {
    let known = copies::parents(dest);
    let is_known = |path: &str| known.iter().any(|action| folder(action) == Some(path));
    let (users, user) = of_user(checked, facts);
    let ends = dest.match_indices('/').map(|(at, _)| &dest[..at]);
    let mut folders = known.clone();
    for path in ends.filter(|path| !path.is_empty() && !is_known(path)) {
        let owner = if users.iter().any(|own| own == path) {
            user
        } else if SYSTEM.contains(&path) || OF_ROOT.iter().any(|root| path.starts_with(root)) {
            None
        } else {
            owner
        };
        folders.push(FileAction::Folder {
            path: path.to_owned(),
            mode: 0o755,
            owner,
        });
    }
    folders.sort_by(|a, b| folder(a).cmp(&folder(b)));
    folders
}

fn folder(action: &FileAction) -> Option<&str> {
    match action {
        FileAction::Folder { path, .. } => Some(path),
        _ => None,
    }
}

/// Folders that the user step makes, and whose they are.
fn of_user(checked: &Checked, facts: &Facts) -> (Vec<String>, Option<(u32, u32)>) {
    let mut folders: Vec<String> = checked.volumes.iter().map(|path| path.value.clone()).collect();
    folders.extend(checked.workdir.iter().map(|path| path.value.clone()));
    let ids = match system::user(checked, facts) {
        User::Named { uid, gid, home, .. } => {
            folders.push(home);
            Some((uid, gid))
        }
        User::Ids { uid, gid, .. } => Some((uid, gid)),
        User::Inherit | User::Root(_) => None,
    };
    (folders, ids)
}

#[cfg(test)]
mod tests {
    use super::{FileAction, parents};
    use crate::check::drawn::{Build, check_of};
    use crate::plan::Facts;
    use crate::source::Source;

    type Drawn = Vec<(String, u32, Option<(u32, u32)>)>;

    fn drawn(dest: &str, owner: Option<(u32, u32)>) -> Drawn {
        let spec = "user: { name: app, uid: 2000 }\nworkdir: /srv/work\nvolumes: [/data]\n";
        let (checked, _) = check_of(&Source::new("modelcrate.yaml", spec), &Build::default());
        let folders = parents(dest, owner, &checked.unwrap(), &Facts::default());
        let folders = folders.into_iter().map(|action| match action {
            FileAction::Folder { path, mode, owner } => (path, mode, owner),
            other => panic!("{other:?}"),
        });
        folders.collect()
    }

    #[test]
    fn folders_of_the_system_stay_roots() {
        let app = Some((2000, 2000));
        assert_eq!(
            drawn("/etc/app/conf", app),
            [("/etc".into(), 0o755, None), ("/etc/app".into(), 0o755, None)]
        );
        assert_eq!(drawn("/app/conf", app), [("/app".into(), 0o755, app)]);
        assert_eq!(drawn("/conf", app), []);
    }

    #[test]
    fn folders_of_the_user_stay_the_users() {
        let app = Some((2000, 2000));
        assert_eq!(
            drawn("/home/app/.cache/x", None),
            [
                ("/home".into(), 0o755, None),
                ("/home/app".into(), 0o755, app),
                ("/home/app/.cache".into(), 0o755, None)
            ]
        );
        assert_eq!(
            drawn("/srv/work/", None),
            [("/srv".into(), 0o755, None), ("/srv/work".into(), 0o755, app)]
        );
        assert_eq!(drawn("/data/x", None), [("/data".into(), 0o755, app)]);
    }

    #[test]
    fn folders_with_a_mode_of_their_own_keep_it() {
        assert_eq!(
            drawn("/tmp/a/b", None),
            [("/tmp".into(), 0o1777, None), ("/tmp/a".into(), 0o755, None)]
        );
        assert_eq!(drawn("/root/.x", None), [("/root".into(), 0o700, None)]);
    }
}
