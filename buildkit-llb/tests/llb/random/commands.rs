use buildkit_llb::{
    CdiDevice, ContentCache, Exec, Mount, MountKind, NetworkMode, Output, ProxyEnv, Root, SecretEnv,
    Security, Sharing, Ulimit,
};

use super::{Random, meta};

pub fn exec(random: &mut Random, pool: &[Output]) -> Vec<Output> {
    let command = Exec {
        root: Root {
            input: random.maybe(|random| random.pick(pool)),
            readonly: random.flag(),
            content_cache: random.pick(&[ContentCache::Default, ContentCache::On, ContentCache::Off]),
        },
        args: [vec!["run".to_owned()], random.some(3, Random::text)].concat(),
        env: random.some(3, |random| (random.id(), random.text())),
        cwd: "/".to_owned(),
        user: random.maybe(Random::text),
        hostname: random.maybe(Random::text),
        network: random.pick(&[NetworkMode::Sandbox, NetworkMode::None, NetworkMode::Host]),
        security: random.pick(&[Security::Sandbox, Security::Insecure]),
        hosts: random.some(2, |random| (random.text(), "::1".to_owned())),
        ulimits: random.some(2, |random| Ulimit {
            name: random.text(),
            soft: -1,
            hard: 0,
        }),
        cgroup_parent: random.maybe(Random::text),
        cdi_devices: random.some(2, |random| CdiDevice {
            name: random.id(),
            optional: random.flag(),
        }),
        secret_env: random.some(2, secret_env),
        proxy_env: random.maybe(|random| ProxyEnv {
            no_proxy: random.text(),
            ..ProxyEnv::default()
        }),
        valid_exit_codes: random.some(3, |random| random.below(256) as i32 - 1),
        mounts: mounts(random, pool),
    };
    let dests: Vec<String> = command.mounts.iter().map(|mount| mount.dest.clone()).collect();
    let outputs = command.outputs(meta(random));
    outputs
        .root()
        .into_iter()
        .chain(dests.iter().filter_map(|dest| outputs.mount(dest)))
        .collect()
}

fn secret_env(random: &mut Random) -> SecretEnv {
    SecretEnv {
        id: random.id(),
        name: random.id(),
        optional: random.flag(),
    }
}

pub fn mounts(random: &mut Random, pool: &[Output]) -> Vec<Mount> {
    let mut dests = ["/a", "/a/b", "/b", "/c d", "/é", "/z"];
    random.shuffle(&mut dests);
    let count = random.below(dests.len() + 1);
    dests[..count]
        .iter()
        .map(|dest| Mount {
            dest: (*dest).to_owned(),
            kind: mount_kind(random, pool),
        })
        .collect()
}

fn mount_kind(random: &mut Random, pool: &[Output]) -> MountKind {
    let input = random.maybe(|random| random.pick(pool));
    let (id, uid, gid, mode) = (random.id(), random.u32(), random.u32(), random.bits());
    let (selector, optional) = (random.maybe(Random::path), random.flag());
    match random.below(5) {
        0 => {
            let (readonly, output) = random.pick(&[(true, false), (false, true), (false, false)]);
            let content_cache = random.pick(&[ContentCache::Default, ContentCache::On, ContentCache::Off]);
            MountKind::Bind {
                input,
                selector,
                readonly,
                output,
                content_cache,
            }
        }
        1 => {
            let sharing = random.pick(&[Sharing::Shared, Sharing::Private, Sharing::Locked]);
            MountKind::Cache {
                id,
                sharing,
                base: input,
                selector,
            }
        }
        2 => MountKind::Secret {
            id,
            uid,
            gid,
            mode,
            optional,
        },
        3 => MountKind::Ssh {
            id,
            uid,
            gid,
            mode,
            optional,
        },
        _ => MountKind::Tmpfs {
            size: random.maybe(|_| 1 << 40),
        },
    }
}
