//! Commands.

use buildkit_llb::{
    ContentCache, Exec, ExecOutputs, Meta, Mount, MountKind, NetworkMode, Root, SecretEnv, Sharing,
};

use super::Lowered;
use crate::check;
use crate::plan::{self, Keep, Key, LAYER};

/// One vertex for a command.
pub(super) fn lower(lowered: &mut Lowered<'_>, exec: &plan::Exec, meta: Meta) -> ExecOutputs {
    let mut mounts: Vec<Mount> = exec
        .mounts
        .iter()
        .map(|mount| self::mount(lowered, mount))
        .collect();
    if exec.keep == Keep::Layer {
        let kind = MountKind::Bind {
            input: None,
            selector: None,
            readonly: false,
            output: true,
            content_cache: ContentCache::Default,
        };
        mounts.push(Mount {
            dest: LAYER.into(),
            kind,
        });
    }
    let settings = &lowered.ground.exec;
    if let Some(size) = settings.shm_size {
        mounts.push(Mount {
            dest: "/dev/shm".into(),
            kind: MountKind::Tmpfs { size: Some(size) },
        });
    }
    Exec {
        args: exec.args.clone(),
        env: exec.env.clone(),
        cwd: exec.cwd.clone(),
        network: network(exec.network, settings.network),
        hosts: settings.hosts.clone(),
        ulimits: settings.ulimits.clone(),
        cgroup_parent: settings.cgroup_parent.clone(),
        hostname: settings.hostname.clone(),
        proxy_env: lowered.ground.proxy.cloned(),
        secret_env: exec.secret_env.iter().map(secret_env).collect(),
        mounts,
        root: Root {
            input: lowered.tree(&exec.root),
            content_cache: match exec.root_key {
                Key::Bytes => ContentCache::On,
                Key::Name => ContentCache::Default,
            },
            ..Root::default()
        },
        ..Exec::default()
    }
    .outputs(meta)
}

fn mount(lowered: &mut Lowered<'_>, mount: &plan::Mount) -> Mount {
    let kind = match &mount.kind {
        plan::MountKind::Files { from, selector, key } => MountKind::Bind {
            input: lowered.source(*from),
            selector: selector.clone(),
            readonly: true,
            output: false,
            content_cache: match key {
                Key::Bytes => ContentCache::Default,
                Key::Name => ContentCache::Off,
            },
        },
        plan::MountKind::Cache { id, sharing } => MountKind::Cache {
            id: lowered.ground.cache_id(id),
            sharing: match sharing {
                check::Sharing::Shared => Sharing::Shared,
                check::Sharing::Private => Sharing::Private,
                check::Sharing::Locked => Sharing::Locked,
            },
            base: None,
            selector: None,
        },
        plan::MountKind::Secret { id, optional } => MountKind::Secret {
            id: id.clone(),
            uid: 0,
            gid: 0,
            mode: 0o400,
            optional: *optional,
        },
        plan::MountKind::Ssh { id, optional } => MountKind::Ssh {
            id: id.clone(),
            uid: 0,
            gid: 0,
            mode: MountKind::SSH_MODE,
            optional: *optional,
        },
        plan::MountKind::Tmpfs => MountKind::Tmpfs { size: None },
    };
    Mount {
        dest: mount.path.clone(),
        kind,
    }
}

fn secret_env(secret: &plan::SecretEnv) -> SecretEnv {
    SecretEnv {
        id: secret.id.clone(),
        name: secret.name.clone(),
        optional: secret.optional,
    }
}

fn network(of_step: Option<check::Network>, of_build: Option<NetworkMode>) -> NetworkMode {
    match of_step {
        None => of_build.unwrap_or_default(),
        Some(check::Network::Default) => NetworkMode::Sandbox,
        Some(check::Network::None) => NetworkMode::None,
        Some(check::Network::Host) => NetworkMode::Host,
    }
}
