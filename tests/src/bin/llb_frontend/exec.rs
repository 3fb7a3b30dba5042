//! Commands: what they see and how they may end.

use buildkit_llb::{
    CdiDevice, Exec, Mount, MountKind, NetworkMode, ProxyEnv, Root, SecretEnv, Security, Ulimit,
};

use crate::Graph;
use crate::bench::Bench;

pub fn graph(bench: &Bench, name: &str) -> Option<Graph> {
    Some(match name {
        "exec.process" => process(bench),
        "exec.user-by-name" => user_by_name(bench),
        "exec.readonly-root" => readonly_root(bench),
        "exec.default-path" => default_path(bench),
        "exec.exit-codes" => exit_codes(bench),
        "exec.network-none" => network(bench, NetworkMode::None),
        "exec.network-sandbox" => network(bench, NetworkMode::Sandbox),
        "exec.network-host" => network(bench, NetworkMode::Host),
        "exec.insecure" => insecure(bench),
        "exec.limits" => limits(bench),
        "exec.cgroup" => cgroup(bench),
        "exec.hosts" => hosts(bench),
        "exec.secret-env" => secret_env(bench),
        "exec.proxy" => proxy(bench),
        "exec.devices" => devices(bench, true),
        "exec.required-device" => devices(bench, false),
        _ => return None,
    })
}

fn one(bench: &Bench, exec: Exec) -> Graph {
    Ok(vec![bench.run("run", exec)?])
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

fn process(bench: &Bench) -> Graph {
    let script = r#"test "$FIRST" = 'one two'; test -z "$EMPTY"; test "$EQUALS" = a=b
        test "$(pwd)" = /var/lib; test "$(id -u):$(id -g)" = 1234:2345"#;
    one(
        bench,
        Exec {
            env: variables(&[
                ("FIRST", "one two"),
                ("EMPTY", ""),
                ("EQUALS", "a=b"),
                ("N", bench.arg("NONCE")),
            ]),
            cwd: "/var/lib".to_owned(),
            user: Some("1234:2345".to_owned()),
            ..bench.shell(script)
        },
    )
}

fn user_by_name(bench: &Bench) -> Graph {
    one(
        bench,
        Exec {
            user: Some("nobody:nogroup".to_owned()),
            ..bench.shell(r#"test "$(id -un):$(id -gn)" = nobody:nogroup"#)
        },
    )
}

fn readonly_root(bench: &Bench) -> Graph {
    let exec = Exec {
        root: Root {
            input: Some(bench.debian()),
            readonly: true,
            ..Root::default()
        },
        mounts: vec![Mount {
            dest: "/out".to_owned(),
            kind: MountKind::scratch_output(),
        }],
        ..bench.shell("no touch /file; touch /out/file")
    };
    let outputs = exec.outputs(bench.native("write"));
    if outputs.root().is_some() {
        return Err("a read-only root is an output".to_owned());
    }
    let out = outputs.mount("/out").ok_or("the mount is no output")?;
    Ok(vec![bench.look("look", out, "test -f /in/file")?])
}

/// The image's own `PATH` is not the command's: the daemon adds the usual one.
fn default_path(bench: &Bench) -> Graph {
    let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    one(
        bench,
        Exec {
            env: Vec::new(),
            ..bench.shell(&format!(r#"test "$PATH" = {path}; : {}"#, bench.arg("NONCE")))
        },
    )
}

fn exit_codes(bench: &Bench) -> Graph {
    one(
        bench,
        Exec {
            valid_exit_codes: vec![3],
            ..bench.shell("exit 3")
        },
    )
}

/// `PORT` is open on the engine's own loopback and nowhere else.
fn network(bench: &Bench, network: NetworkMode) -> Graph {
    let reach = format!("bash -c 'exec 3<>/dev/tcp/127.0.0.1/{}'", bench.arg("PORT"));
    let script = match network {
        NetworkMode::None => format!("no grep eth0 /proc/net/dev; no {reach}"),
        NetworkMode::Sandbox => format!("grep eth0 /proc/net/dev; no {reach}"),
        NetworkMode::Host => reach,
    };
    one(
        bench,
        Exec {
            network,
            ..bench.shell(&script)
        },
    )
}

fn insecure(bench: &Bench) -> Graph {
    one(
        bench,
        Exec {
            security: Security::Insecure,
            ..bench.shell("mkdir /there; mount --bind /etc /there; test -e /there/passwd; umount /there")
        },
    )
}

fn limits(bench: &Bench) -> Graph {
    let shm = Mount {
        dest: "/dev/shm".to_owned(),
        kind: MountKind::Tmpfs { size: Some(3 << 20) },
    };
    let script = r#"test "$(ulimit -Sn):$(ulimit -Hn)" = 123:456
        test "$(df --output=size -k /dev/shm | tail -n 1 | tr -d ' ')" = 3072"#;
    let ulimit = Ulimit {
        name: "nofile".to_owned(),
        soft: 123,
        hard: 456,
    };
    one(
        bench,
        Exec {
            ulimits: vec![ulimit],
            mounts: vec![shm],
            ..bench.shell(script)
        },
    )
}

fn cgroup(bench: &Bench) -> Graph {
    one(
        bench,
        Exec {
            cgroup_parent: Some(bench.arg("PARENT").to_owned()),
            ..bench.shell(bench.arg("SCRIPT"))
        },
    )
}

fn hosts(bench: &Bench) -> Graph {
    let script = r#"getent ahosts db | grep '^10\.9\.8\.7 '; getent ahosts six | grep '^2001:db8::1 '
        test "$(cat /proc/sys/kernel/hostname)" = bench"#;
    one(
        bench,
        Exec {
            hosts: variables(&[("db", "10.9.8.7"), ("six", "2001:db8:0::1")]),
            hostname: Some("bench".to_owned()),
            ..bench.shell(script)
        },
    )
}

fn secret_env(bench: &Bench) -> Graph {
    let secret = |id: &str, name: &str, optional| SecretEnv {
        id: id.to_owned(),
        name: name.to_owned(),
        optional,
    };
    one(
        bench,
        Exec {
            secret_env: vec![secret("token", "TOKEN", false), secret("absent", "ABSENT", true)],
            ..bench.shell(r#"set +x; test "$TOKEN" = s3cret; test -z "${ABSENT-unset}""#)
        },
    )
}

fn proxy(bench: &Bench) -> Graph {
    let script = r#"test "$HTTP_PROXY" = http://proxy:1; test "$http_proxy" = http://proxy:1
        test "$NO_PROXY" = localhost; test "$no_proxy" = localhost"#;
    one(
        bench,
        Exec {
            proxy_env: Some(ProxyEnv {
                http_proxy: "http://proxy:1".to_owned(),
                no_proxy: "localhost".to_owned(),
                ..ProxyEnv::default()
            }),
            ..bench.shell(script)
        },
    )
}

fn devices(bench: &Bench, optional: bool) -> Graph {
    let device = CdiDevice {
        name: "example.com/device=absent".to_owned(),
        optional,
    };
    one(
        bench,
        Exec {
            cdi_devices: vec![device],
            ..bench.shell("true")
        },
    )
}
