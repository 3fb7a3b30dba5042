use std::collections::BTreeSet;

use super::outputs::ROOT;
use super::{Mount, MountKind};
use crate::error::Problem;
use crate::file::clean_path;

/// Refuses mounts that BuildKit would refuse, and those of which one would hide another.
pub(super) fn check(mounts: &[&Mount]) -> Result<(), Problem> {
    let mut dests = BTreeSet::from([ROOT.to_owned()]);
    for mount in mounts {
        if !mount.dest.starts_with('/') {
            return Err(Problem::RelativePath {
                role: "the destination of a mount",
                path: mount.dest.clone(),
            });
        }
        if !dests.insert(clean_path(&mount.dest)) {
            return Err(Problem::DuplicateMount(mount.dest.clone()));
        }
        check_kind(mount)?;
    }
    Ok(())
}

fn check_kind(mount: &Mount) -> Result<(), Problem> {
    let dest = || mount.dest.clone();
    match &mount.kind {
        MountKind::Bind {
            readonly: true,
            output: true,
            ..
        } => Err(Problem::ReadonlyOutput(dest())),
        MountKind::Cache { id, .. } if id.is_empty() => Err(Problem::Unnamed("the id of a cache mount")),
        MountKind::Secret { id, .. } if id.is_empty() => Err(Problem::Unnamed("the id of a secret")),
        MountKind::Ssh { id, .. } if id.is_empty() => Err(Problem::Unnamed("the id of an SSH agent")),
        MountKind::Secret { mode, .. } | MountKind::Ssh { mode, .. } if *mode > 0o777 => Err(Problem::Mode {
            path: dest(),
            mode: *mode,
        }),
        MountKind::Tmpfs { size: Some(size) } if *size <= 0 => Err(Problem::TmpfsSize {
            dest: dest(),
            size: *size,
        }),
        _ => Ok(()),
    }
}
