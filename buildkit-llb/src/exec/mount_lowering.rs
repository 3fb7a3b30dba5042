use std::collections::BTreeSet;

use super::outputs::{self, ROOT};
use super::{ContentCache, Exec, Mount, MountKind, Root, Sharing, mount_check};
use crate::capability::Capability;
use crate::error::Fault;
use crate::output::Output;
use crate::pb;
use crate::vertex::{EMPTY, Inputs, SKIP_OUTPUT};

/// The mounts of an op and the inputs that they refer to.
pub(super) struct Mounts {
    pub(super) mounts: Vec<pb::Mount>,
    pub(super) inputs: Inputs,
}

/// The mounts of a command as the op has them: by destination, then secrets, then agents, each by destination as well.
pub(super) fn lower(exec: &Exec, capabilities: &mut BTreeSet<Capability>) -> Result<Mounts, Fault> {
    let mut sorted: Vec<&Mount> = exec.mounts.iter().collect();
    sorted.sort_by_key(|mount| (mount.kind.rank(), mount.dest.as_str()));
    mount_check::check(&sorted)?;
    let indexes = outputs::indexes(exec);
    let mut inputs = Inputs::default();
    let mut mounts = vec![root(&exec.root, &mut inputs, capabilities)?];
    for mount in sorted {
        let output = indexes.get(&mount.dest).copied().unwrap_or(SKIP_OUTPUT);
        mounts.push(pb::Mount {
            dest: mount.dest.clone(),
            ..kind(mount, output, &mut inputs)?
        });
        capabilities.extend(needs(&mount.kind));
    }
    Ok(Mounts { mounts, inputs })
}

fn root(
    root: &Root,
    inputs: &mut Inputs,
    capabilities: &mut BTreeSet<Capability>,
) -> Result<pb::Mount, Fault> {
    capabilities.extend(root.input.as_ref().map(|_| Capability::EXEC_MOUNT_BIND));
    let says_content = root.content_cache != ContentCache::Default;
    capabilities.extend(says_content.then_some(Capability::EXEC_MOUNT_CONTENT_CACHE));
    Ok(pb::Mount {
        dest: ROOT.to_owned(),
        input: number(root.input.as_ref(), inputs)?,
        output: if root.readonly { SKIP_OUTPUT } else { 0 },
        readonly: root.readonly,
        content_cache: root.content_cache.to_pb().into(),
        ..pb::Mount::default()
    })
}

/// The mount without its destination. Of secrets and agents Go leaves the output number at 0, and the engine does not
/// look at it; so do we, for equal cache keys (buildkit `client/llb/exec.go: ExecOp.Marshal`).
fn kind(mount: &Mount, output: i64, inputs: &mut Inputs) -> Result<pb::Mount, Fault> {
    let lowered = match mount.kind.clone() {
        MountKind::Bind {
            input,
            selector,
            readonly,
            content_cache,
            ..
        } => pb::Mount {
            output,
            readonly,
            content_cache: content_cache.to_pb().into(),
            ..on_input(pb::MountType::Bind, input, selector, inputs)?
        },
        MountKind::Cache {
            id,
            sharing,
            base,
            selector,
        } => pb::Mount {
            output,
            cache_opt: Some(cache(id, sharing)),
            ..on_input(pb::MountType::Cache, base, selector, inputs)?
        },
        MountKind::Secret {
            id,
            uid,
            gid,
            mode,
            optional,
        } => {
            let secret_opt = Some(pb::SecretOpt {
                id,
                uid,
                gid,
                mode,
                optional,
            });
            pb::Mount {
                secret_opt,
                ..of_type(pb::MountType::Secret)
            }
        }
        MountKind::Ssh {
            id,
            uid,
            gid,
            mode,
            optional,
        } => {
            let ssh_opt = Some(pb::SshOpt {
                id,
                uid,
                gid,
                mode,
                optional,
            });
            pb::Mount {
                ssh_opt,
                ..of_type(pb::MountType::Ssh)
            }
        }
        MountKind::Tmpfs { size } => {
            let tmpfs_opt = Some(pb::TmpfsOpt {
                size: size.unwrap_or_default(),
            });
            pb::Mount {
                output,
                tmpfs_opt,
                ..of_type(pb::MountType::Tmpfs)
            }
        }
    };
    Ok(lowered)
}

fn on_input(
    mount_type: pb::MountType,
    input: Option<Output>,
    selector: Option<String>,
    inputs: &mut Inputs,
) -> Result<pb::Mount, Fault> {
    let (input, selector) = (number(input.as_ref(), inputs)?, selector.unwrap_or_default());
    Ok(pb::Mount {
        input,
        selector,
        ..of_type(mount_type)
    })
}

fn cache(id: String, sharing: Sharing) -> pb::CacheOpt {
    pb::CacheOpt {
        id,
        sharing: sharing.to_pb().into(),
    }
}

fn of_type(mount_type: pb::MountType) -> pb::Mount {
    pb::Mount {
        input: EMPTY,
        mount_type: mount_type.into(),
        ..pb::Mount::default()
    }
}

fn number(input: Option<&Output>, inputs: &mut Inputs) -> Result<i64, Fault> {
    input.map_or(Ok(EMPTY), |input| inputs.add(input))
}

fn needs(kind: &MountKind) -> Vec<Capability> {
    let optional = |capability, used: bool| used.then_some(capability);
    let selector = |selector: &Option<String>| optional(Capability::EXEC_MOUNT_SELECTOR, selector.is_some());
    match kind {
        MountKind::Bind {
            input,
            selector: path,
            readonly,
            output,
            content_cache,
        } => {
            let thrown_away = Capability::EXEC_MOUNT_BIND_READ_WRITE_NO_OUTPUT;
            let content = Capability::EXEC_MOUNT_CONTENT_CACHE;
            let bind = optional(Capability::EXEC_MOUNT_BIND, input.is_some());
            let thrown_away = optional(thrown_away, !readonly && !output);
            let content = optional(content, *content_cache != ContentCache::Default);
            [bind, selector(path), thrown_away, content]
                .into_iter()
                .flatten()
                .collect()
        }
        MountKind::Cache { selector: path, .. } => {
            let cache = [Capability::EXEC_MOUNT_CACHE, Capability::EXEC_MOUNT_CACHE_SHARING];
            cache.into_iter().chain(selector(path)).collect()
        }
        MountKind::Secret { .. } => vec![Capability::EXEC_MOUNT_SECRET],
        MountKind::Ssh { .. } => vec![Capability::EXEC_MOUNT_SSH],
        MountKind::Tmpfs { size: None } => vec![Capability::EXEC_MOUNT_TMPFS],
        MountKind::Tmpfs { size: Some(_) } => {
            vec![Capability::EXEC_MOUNT_TMPFS, Capability::EXEC_MOUNT_TMPFS_SIZE]
        }
    }
}

impl Sharing {
    fn to_pb(self) -> pb::CacheSharingOpt {
        match self {
            Self::Shared => pb::CacheSharingOpt::Shared,
            Self::Private => pb::CacheSharingOpt::Private,
            Self::Locked => pb::CacheSharingOpt::Locked,
        }
    }
}

impl ContentCache {
    fn to_pb(self) -> pb::MountContentCache {
        match self {
            Self::Default => pb::MountContentCache::Default,
            Self::On => pb::MountContentCache::On,
            Self::Off => pb::MountContentCache::Off,
        }
    }
}
