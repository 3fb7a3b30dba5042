use buildkit_llb::{
    CdiDevice, ContentCache, Exec, ExecOutputs, Mount, MountKind, NetworkMode, Output, ProxyEnv, Root,
    SecretEnv, Security, Sharing, Ulimit,
};

use super::{amd64, bind, command, context, debian, mount, strings, text};

pub fn all() -> Vec<(&'static str, Option<Output>)> {
    let full = exec().outputs(amd64());
    vec![
        (
            "exec",
            command(Some(debian()), &["sh", "-c", "true"])
                .outputs(amd64())
                .root(),
        ),
        ("exec-full", full.root()),
        ("exec-out", full.mount("/out")),
        ("exec-readonly-root", readonly_root().mount("/out")),
    ]
}

fn readonly_root() -> ExecOutputs {
    let root = Root {
        input: Some(debian()),
        readonly: true,
        ..Root::default()
    };
    let mounts = vec![mount("/out", MountKind::scratch_output())];
    Exec {
        root,
        network: NetworkMode::None,
        mounts,
        ..command(None, &["true"])
    }
    .outputs(amd64())
}

pub fn exec() -> Exec {
    Exec {
        root: Root {
            input: Some(debian()),
            ..Root::default()
        },
        args: strings(&["make", "all"]),
        env: [("B", "2"), ("A", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        cwd: "/src".to_owned(),
        user: text("1000:1000"),
        hostname: text("box"),
        network: NetworkMode::Host,
        security: Security::Insecure,
        hosts: vec![("mirror".to_owned(), "10.0.0.1".to_owned())],
        ulimits: vec![Ulimit {
            name: "nofile".to_owned(),
            soft: 1024,
            hard: 2048,
        }],
        cgroup_parent: text("cg"),
        cdi_devices: vec![CdiDevice {
            name: "nvidia.com/gpu=all".to_owned(),
            optional: true,
        }],
        secret_env: vec![SecretEnv {
            id: "token".to_owned(),
            name: "TOKEN".to_owned(),
            optional: false,
        }],
        proxy_env: Some(proxies()),
        valid_exit_codes: vec![0, 3],
        mounts: mounts(),
    }
}

fn proxies() -> ProxyEnv {
    ProxyEnv {
        http_proxy: "h".to_owned(),
        https_proxy: "s".to_owned(),
        ftp_proxy: "f".to_owned(),
        no_proxy: "n".to_owned(),
        all_proxy: "a".to_owned(),
    }
}

fn mounts() -> Vec<Mount> {
    vec![
        mount("/src", bind(Some("/sub"), true, false, ContentCache::Default)),
        mount("/out", MountKind::scratch_output()),
        mount("/again", bind(None, true, false, ContentCache::Off)),
        mount("/discard", bind(None, false, false, ContentCache::Default)),
        mount("/cache", cache("c1", Sharing::Locked, None, None)),
        mount(
            "/cache2",
            cache("c2", Sharing::Private, Some(context()), text("/seed")),
        ),
        mount("/tmp", MountKind::Tmpfs { size: Some(64 << 20) }),
        mount("/tmp2", MountKind::Tmpfs { size: None }),
        mount("/run/secrets/a", secret("a", (1, 2, 0o440), false)),
        mount(
            "/run/secrets/b",
            secret("b", (0, 0, MountKind::SECRET_MODE), true),
        ),
        mount("/run/agent.sock", ssh("default")),
    ]
}

pub fn cache(id: &str, sharing: Sharing, base: Option<Output>, selector: Option<String>) -> MountKind {
    MountKind::Cache {
        id: id.to_owned(),
        sharing,
        base,
        selector,
    }
}

pub fn secret(id: &str, (uid, gid, mode): (u32, u32, u32), optional: bool) -> MountKind {
    MountKind::Secret {
        id: id.to_owned(),
        uid,
        gid,
        mode,
        optional,
    }
}

pub fn ssh(id: &str) -> MountKind {
    MountKind::Ssh {
        id: id.to_owned(),
        uid: 0,
        gid: 0,
        mode: MountKind::SSH_MODE,
        optional: false,
    }
}
