//! Mounts of commands.

use buildkit_llb::{Action, ContentCache, Exec, File, Mkdir, Mkfile, Mount, MountKind, Output, Sharing};

use crate::Graph;
use crate::bench::Bench;

pub fn graph(bench: &Bench, name: &str) -> Option<Graph> {
    Some(match name {
        "mount.bind" => bind(bench),
        "mount.thrown-away" => thrown_away(bench),
        "mount.outputs" => outputs(bench),
        "mount.content-cache" => content_cache(bench),
        "mount.cache-shared" => shared(bench),
        "mount.cache-private" => private(bench),
        "mount.cache-locked" => locked(bench),
        "mount.cache-base" => cache_base(bench),
        "mount.cache-write" => cache_kept(bench, "touch /cache/kept"),
        "mount.cache-read" => cache_kept(bench, "test -e /cache/kept"),
        "mount.secret" => secret(bench),
        "mount.secret-missing" => secret_missing(bench),
        "mount.ssh" => ssh(bench),
        "mount.tmpfs" => tmpfs(bench),
        _ => return None,
    })
}

fn mount(dest: &str, kind: MountKind) -> Mount {
    Mount {
        dest: dest.to_owned(),
        kind,
    }
}

fn script(bench: &Bench, name: &str, mounts: Vec<Mount>, script: &str) -> Result<Output, String> {
    bench.run(
        name,
        Exec {
            mounts,
            ..bench.shell(script)
        },
    )
}

/// `/folder/file` and `/other`, each with a line.
fn tree(bench: &Bench) -> Output {
    let file = |path: &str| {
        Action::Mkfile(Mkfile {
            path: path.to_owned(),
            mode: 0o644,
            data: format!("{path}\n").into_bytes(),
            ..Mkfile::default()
        })
    };
    let folder = Action::Mkdir(Mkdir {
        path: "/folder".to_owned(),
        mode: 0o755,
        ..Mkdir::default()
    });
    let actions = vec![folder, file("/folder/file"), file("/other")];
    File { base: None, actions }.output(bench.named("a tree"))
}

fn of(input: Output, selector: Option<&str>, readonly: bool, content_cache: ContentCache) -> MountKind {
    MountKind::Bind {
        input: Some(input),
        selector: selector.map(str::to_owned),
        readonly,
        output: false,
        content_cache,
    }
}

fn bind(bench: &Bench) -> Graph {
    let part = |selector| of(tree(bench), Some(selector), true, ContentCache::Default);
    let mounts = vec![
        mount("/all", MountKind::readonly(tree(bench))),
        mount("/part", part("/folder")),
        mount("/one", part("/folder/file")),
    ];
    let words = "grep /folder/file /all/folder/file; test -f /part/file; test ! -e /part/other
        grep /folder/file /one; no touch /all/new";
    Ok(vec![script(bench, "look", mounts, words)?])
}

/// A mount that can be written and is no output.
fn thrown_away(bench: &Bench) -> Graph {
    let kind = of(tree(bench), None, false, ContentCache::Default);
    let after = script(
        bench,
        "write",
        vec![mount("/all", kind)],
        "rm /all/other; touch /all/new; touch /done",
    )?;
    let both = vec![
        mount("/root-after", MountKind::readonly(after)),
        mount("/all", MountKind::readonly(tree(bench))),
    ];
    let words = "test -e /root-after/done; test ! -e /root-after/all; test -e /all/other; test ! -e /all/new";
    Ok(vec![script(bench, "look", both, words)?])
}

/// Outputs are numbered in the order of their paths, whatever the order they are given in.
fn outputs(bench: &Bench) -> Graph {
    let out = |dest| mount(dest, MountKind::scratch_output());
    let exec = Exec {
        mounts: vec![out("/z"), out("/a"), out("/m")],
        ..bench.shell("for one in z a m; do echo $one >/$one/name; done; echo root >/name")
    };
    let outputs = exec.outputs(bench.native("write all"));
    let look = |dest: &str, name: &str| {
        let output = outputs
            .mount(dest)
            .ok_or_else(|| format!("`{dest}` is no output"))?;
        bench.look(
            &format!("look at {name}"),
            output,
            &format!("test \"$(cat /in/name)\" = {name}"),
        )
    };
    Ok(vec![
        look("/a", "a")?,
        look("/m", "m")?,
        look("/z", "z")?,
        look("/", "root")?,
    ])
}

fn content_cache(bench: &Bench) -> Graph {
    let kinds = [ContentCache::On, ContentCache::Off];
    let mounts = kinds
        .into_iter()
        .zip(["/on", "/off"])
        .map(|(cache, dest)| mount(dest, of(tree(bench), None, true, cache)));
    Ok(vec![script(
        bench,
        "look",
        mounts.collect(),
        "cmp /on/other /off/other",
    )?])
}

fn cache(bench: &Bench, id: &str, sharing: Sharing) -> MountKind {
    MountKind::Cache {
        id: format!("{id}-{}", bench.arg("NONCE")),
        sharing,
        base: None,
        selector: None,
    }
}

/// A command says that it has come this far, and waits until `count` have said something; `/meet` is shared.
fn meet(sign: &str, count: usize) -> String {
    let enough = format!("[ $(ls /meet | wc -l) -ge {count} ]");
    format!("touch /meet/$ME{sign}; for _ in $(seq 600); do {enough} && break; sleep 0.1; done; {enough}")
}

/// Two commands that the engine starts at once.
fn two(bench: &Bench, mounts: &[Mount], words: &str) -> Graph {
    let one = |me: &str| {
        let exec = Exec {
            mounts: mounts.to_vec(),
            ..bench.shell(&format!("ME={me}; {words}"))
        };
        bench.run(me, exec)
    };
    Ok(vec![one("first")?, one("second")?])
}

fn shared(bench: &Bench) -> Graph {
    let mounts = [mount("/meet", cache(bench, "meet", Sharing::Shared))];
    two(bench, &mounts, &meet("", 2))
}

/// Both are sure to run at once, and neither sees what the other wrote.
fn private(bench: &Bench) -> Graph {
    let mounts = [
        mount("/meet", cache(bench, "meet", Sharing::Shared)),
        mount("/own", cache(bench, "own", Sharing::Private)),
    ];
    let (wrote, looked) = (meet("", 2), meet("-looked", 4));
    two(
        bench,
        &mounts,
        &format!("touch /own/$ME; {wrote}; [ $(ls /own) = $ME ]; {looked}"),
    )
}

fn locked(bench: &Bench) -> Graph {
    let mounts = [mount("/own", cache(bench, "locked", Sharing::Locked))];
    two(bench, &mounts, "mkdir /own/busy; sleep 1; rmdir /own/busy")
}

fn cache_base(bench: &Bench) -> Graph {
    let kind = MountKind::Cache {
        id: format!("base-{}", bench.arg("NONCE")),
        sharing: Sharing::Shared,
        base: Some(tree(bench)),
        selector: Some("/folder".to_owned()),
    };
    Ok(vec![script(
        bench,
        "look",
        vec![mount("/cache", kind)],
        "test -e /cache/file; touch /cache/new",
    )?])
}

/// The same cache in every build with this nonce.
fn cache_kept(bench: &Bench, words: &str) -> Graph {
    let mounts = vec![mount("/cache", cache(bench, "kept", Sharing::Shared))];
    Ok(vec![script(bench, "use the cache", mounts, words)?])
}

fn secret_of(id: &str, mode: u32, optional: bool) -> MountKind {
    MountKind::Secret {
        id: id.to_owned(),
        uid: 1234,
        gid: 2345,
        mode,
        optional,
    }
}

fn secret(bench: &Bench) -> Graph {
    let mounts = vec![
        mount("/run/secrets/token", secret_of("token", 0o440, false)),
        mount(
            "/run/secrets/absent",
            secret_of("absent", MountKind::SECRET_MODE, true),
        ),
    ];
    let words = "test \"$(cat /run/secrets/token)\" = s3cret; test ! -e /run/secrets/absent
        test $(stat -c %u:%g:%a /run/secrets/token) = 1234:2345:440";
    let after = script(bench, "use the secret", mounts, &format!("set +x; {words}"))?;
    Ok(vec![bench.look(
        "look",
        after,
        "test ! -e /in/run/secrets/token",
    )?])
}

fn secret_missing(bench: &Bench) -> Graph {
    let kind = secret_of("absent", MountKind::SECRET_MODE, false);
    Ok(vec![script(
        bench,
        "use the secret",
        vec![mount("/secret", kind)],
        "true",
    )?])
}

fn ssh(bench: &Bench) -> Graph {
    let agent = |id: &str, optional| MountKind::Ssh {
        id: id.to_owned(),
        uid: 1234,
        gid: 2345,
        mode: MountKind::SSH_MODE,
        optional,
    };
    let mounts = vec![
        mount("/run/agent", agent("default", false)),
        mount("/run/other", agent("absent", true)),
    ];
    let words = "test $SSH_AUTH_SOCK = /run/agent; test -S /run/agent; test ! -e /run/other
        test $(stat -c %u:%g:%a /run/agent) = 1234:2345:600";
    Ok(vec![script(bench, "use the agent", mounts, words)?])
}

fn tmpfs(bench: &Bench) -> Graph {
    let mounts = vec![
        mount("/small", MountKind::Tmpfs { size: Some(1 << 20) }),
        mount("/large", MountKind::Tmpfs { size: None }),
    ];
    let words = "head -c 1048576 /dev/zero >/small/fits; \
        no cp /small/fits /small/too-much; head -c 2097152 /dev/zero >/large/fits";
    let after = script(bench, "fill", mounts, words)?;
    Ok(vec![bench.look(
        "look",
        after,
        "test ! -e /in/small/fits; test ! -e /in/large/fits",
    )?])
}
