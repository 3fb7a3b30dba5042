//! One graph for each op kind with all that it can have. `go_digests` has the digests that Go's client gives the same
//! graphs, so a change here is a change there.

use buildkit_llb::{
    Action, CdiDevice, ContentCache, Copy, Differ, Exec, ExecOutputs, File, Git, Http, Image, Local, Meta,
    Mkdir, Mkfile, Mount, MountKind, NetworkMode, OciLayout, Output, Owner, OwnerRef, Platform, ProxyEnv,
    ResolveMode, Rm, Root, SecretEnv, Security, Sharing, Symlink, Ulimit, diff, merge,
};

pub const CHECKSUM: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const TIMESTAMP: Option<i64> = Some(1_700_000_000_000_000_000);

pub fn on(platform: &str) -> Meta {
    Meta {
        platform: Some(Platform::parse(platform).unwrap()),
        ..Meta::default()
    }
}

pub fn amd64() -> Meta {
    on("linux/amd64")
}

pub fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

pub fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

pub fn debian() -> Output {
    Image {
        reference: "debian:12".to_owned(),
        ..Image::default()
    }
    .output(amd64())
}

pub fn context() -> Output {
    Local {
        name: "context".to_owned(),
        session: text("session-1"),
        ..Local::default()
    }
    .output(Meta::default())
}

pub fn file(base: Option<Output>, actions: Vec<Action>) -> Output {
    File { base, actions }.output(Meta::default())
}

pub fn mkfile(name: &str) -> Output {
    let path = format!("/{name}");
    let mkfile = Mkfile {
        path,
        mode: 0o644,
        data: name.as_bytes().to_vec(),
        ..Mkfile::default()
    };
    file(None, vec![Action::Mkfile(mkfile)])
}

/// A command on a root, with nothing else.
pub fn command(root: Option<Output>, args: &[&str]) -> Exec {
    let root = Root {
        input: root,
        readonly: false,
    };
    Exec {
        root,
        args: strings(args),
        cwd: "/".to_owned(),
        ..Exec::default()
    }
}

pub fn mount(dest: &str, kind: MountKind) -> Mount {
    Mount {
        dest: dest.to_owned(),
        kind,
    }
}

/// A read-only bind mount of the context, to be changed.
pub fn bind(selector: Option<&str>, readonly: bool, output: bool, content_cache: ContentCache) -> MountKind {
    let selector = selector.map(str::to_owned);
    MountKind::Bind {
        input: Some(context()),
        selector,
        readonly,
        output,
        content_cache,
    }
}

/// Every graph, by name.
pub fn all() -> Vec<(&'static str, Option<Output>)> {
    [sources(), execs(), files(), merges()].concat()
}

fn sources() -> Vec<(&'static str, Option<Output>)> {
    vec![
        ("image", Some(debian())),
        ("image-full", Some(image().output(on("linux/arm64")))),
        ("local", Some(local().output(Meta::default()))),
        ("git", Some(git().output(Meta::default()))),
        ("git-ssh", Some(git_over_ssh().output(Meta::default()))),
        ("http", Some(http().output(Meta::default()))),
        ("oci-layout", Some(oci_layout().output(on("linux/arm64")))),
    ]
}

pub fn image() -> Image {
    Image {
        reference: "nvcr.io/nvidia/cuda:12.8.1-base".to_owned(),
        resolve_mode: ResolveMode::Pull,
        checksum: text(CHECKSUM),
        layer_limit: Some(3),
        record_type: text("internal"),
    }
}

pub fn local() -> Local {
    Local {
        name: "context".to_owned(),
        session: text("session-1"),
        unique: None,
        follow_paths: strings(&["pyproject.toml"]),
        include_patterns: strings(&["b", "a"]),
        exclude_patterns: strings(&["*.pyc", "!keep.pyc"]),
        shared_key_hint: text("hint"),
        differ: Some(Differ::None),
    }
}

pub fn git() -> Git {
    Git {
        remote: "https://example.com/team/app.git".to_owned(),
        reference: text("v1"),
        subdir: text("sub/dir"),
        keep_git_dir: true,
        auth_token_secret: text("TOKEN"),
        checksum: text("deadbeef"),
        skip_submodules: true,
        ..Git::default()
    }
}

pub fn git_over_ssh() -> Git {
    Git {
        remote: "git@example.com:team/app.git".to_owned(),
        reference: text("main"),
        known_ssh_hosts: text("example.com ssh-ed25519 AAAA"),
        ssh_socket: text("agent"),
        ..Git::default()
    }
}

pub fn http() -> Http {
    Http {
        url: "https://example.com/a.bin".to_owned(),
        checksum: text(CHECKSUM),
        filename: text("b.bin"),
        perm: Some(0o644),
        uid: Some(1000),
        gid: Some(1001),
        auth_header_secret: text("hf"),
        headers: [("accept", "text/plain"), ("user-agent", "x")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
    }
}

pub fn oci_layout() -> OciLayout {
    OciLayout {
        reference: format!("name@{CHECKSUM}"),
        session: text("session-1"),
        store: text("store"),
        layer_limit: Some(2),
    }
}

fn execs() -> Vec<(&'static str, Option<Output>)> {
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
            readonly: false,
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

fn files() -> Vec<(&'static str, Option<Output>)> {
    let mkdir = Mkdir {
        path: "/".to_owned(),
        mode: 0o755,
        ..Mkdir::default()
    };
    vec![
        ("copy", Some(file(None, vec![Action::Copy(copy())]))),
        (
            "copy-full",
            Some(file(Some(debian()), vec![Action::Copy(filtered_copy())])),
        ),
        (
            "copy-mode",
            Some(file(Some(debian()), vec![Action::Copy(copy_with_mode())])),
        ),
        ("file-chain", Some(file(Some(debian()), chain()))),
        ("mkdir-scratch", Some(file(None, vec![Action::Mkdir(mkdir)]))),
    ]
}

pub fn copy() -> Copy {
    Copy {
        from: Some(context()),
        src: "/a".to_owned(),
        dest: "/b/".to_owned(),
        follow_symlinks: true,
        copy_dir_contents_only: true,
        create_dest_path: true,
        allow_wildcard: true,
        allow_empty_wildcard: true,
        timestamp: TIMESTAMP,
        ..Copy::default()
    }
}

fn filtered_copy() -> Copy {
    Copy {
        from: Some(context()),
        src: "/a/../x".to_owned(),
        dest: "/b/.".to_owned(),
        owner: owner(named("app"), OwnerRef::Id(100)),
        mode_str: text("u=rwX"),
        unpack: true,
        include: strings(&["i"]),
        exclude: strings(&["e"]),
        always_replace: true,
        ..Copy::default()
    }
}

fn copy_with_mode() -> Copy {
    let owner = owner(OwnerRef::Id(0), OwnerRef::Id(5));
    let (src, dest) = ("/a".to_owned(), "/b".to_owned());
    Copy {
        from: Some(debian()),
        src,
        dest,
        owner,
        mode: Some(0o755),
        ..Copy::default()
    }
}

fn chain() -> Vec<Action> {
    let (app, root) = (
        owner(OwnerRef::Id(1000), OwnerRef::Id(1000)),
        owner(OwnerRef::Id(0), named("app")),
    );
    let (path, data) = ("/d/f".to_owned(), b"hello\n".to_vec());
    let (oldpath, newpath) = ("../f".to_owned(), "/d/l".to_owned());
    vec![
        Action::Mkdir(Mkdir {
            path: "/d".to_owned(),
            mode: 0o755,
            make_parents: true,
            owner: app,
            timestamp: TIMESTAMP,
        }),
        Action::Mkfile(Mkfile {
            path,
            mode: 0o600,
            data,
            owner: root,
            timestamp: None,
        }),
        Action::Copy(Copy {
            from: Some(context()),
            src: "/x".to_owned(),
            dest: "/y".to_owned(),
            ..Copy::default()
        }),
        Action::Rm(Rm {
            path: "/tmp/*".to_owned(),
            allow_not_found: true,
            allow_wildcard: true,
        }),
        Action::Symlink(Symlink {
            oldpath,
            newpath,
            owner: None,
            timestamp: TIMESTAMP,
        }),
    ]
}

pub fn owner(user: OwnerRef, group: OwnerRef) -> Option<Owner> {
    Some(Owner {
        user: Some(user),
        group: Some(group),
    })
}

pub fn named(name: &str) -> OwnerRef {
    OwnerRef::Name {
        name: name.to_owned(),
        from: debian(),
    }
}

fn merges() -> Vec<(&'static str, Option<Output>)> {
    let (a, b) = (mkfile("a"), mkfile("b"));
    let layers = [Some(debian()), Some(a.clone()), None, Some(b), Some(a)];
    let made = exec().outputs(amd64()).root();
    vec![
        ("merge", merge(layers, Meta::default())),
        ("diff", diff(Some(debian()), made, Meta::default())),
        ("diff-scratch", diff(Some(debian()), None, Meta::default())),
    ]
}
