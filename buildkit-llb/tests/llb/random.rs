//! Graphs made by chance, the same for the same seed.

use buildkit_llb::{
    Action, CdiDevice, ContentCache, Copy, Differ, Exec, File, Git, Http, Image, Local, Meta, Mkdir, Mkfile,
    Mount, MountKind, NetworkMode, OciLayout, Output, Owner, OwnerRef, Platform, ProxyEnv, ResolveMode, Rm,
    Root, SecretEnv, Security, Sharing, Symlink, Ulimit, diff, merge,
};

use crate::graphs::CHECKSUM;

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound as u64) as usize
    }

    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 0
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }

    fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    /// Sometimes empty, sometimes not ASCII, sometimes with a line break.
    fn text(&mut self) -> String {
        self.pick(&["", "a", "näme", "x=y", "two\nlines", "\"quoted\"", "z"])
            .to_owned()
    }

    fn id(&mut self) -> String {
        format!("id-{}", self.below(9))
    }

    fn path(&mut self) -> String {
        format!("/{}", self.pick(&["", "a", "a/b/", "a/../c", "d/.", "*.whl"]))
    }

    fn u32(&mut self) -> u32 {
        self.pick(&[0, 1, 1000, u32::MAX])
    }

    fn bits(&mut self) -> u32 {
        self.below(0o1000) as u32
    }
}

/// The outputs of a graph with this many vertices or more.
pub fn graph(random: &mut Random, vertices: usize) -> Vec<Output> {
    let mut pool = vec![source(random)];
    for _ in 0..vertices {
        let made = vertex(random, &pool);
        pool.extend(made);
    }
    pool
}

fn vertex(random: &mut Random, pool: &[Output]) -> Vec<Output> {
    let meta = meta(random);
    match random.below(5) {
        0 => vec![source(random)],
        1 => exec(random, pool),
        2 => vec![file(random, pool).output(meta)],
        3 => {
            let layers = random.some(4, |random| random.maybe(|random| random.pick(pool)));
            merge(layers, meta).into_iter().collect()
        }
        _ => {
            let [lower, upper] = [0, 1].map(|_| random.maybe(|random| random.pick(pool)));
            diff(lower, upper, meta).into_iter().collect()
        }
    }
}

fn meta(random: &mut Random) -> Meta {
    Meta {
        name: random.maybe(Random::text),
        ignore_cache: random.flag(),
        export_cache: random.maybe(Random::flag),
        platform: random.maybe(platform),
        ..Meta::default()
    }
}

fn platform(random: &mut Random) -> Platform {
    let specifier = random.pick(&["linux/amd64", "linux/arm64/v8", "windows(10.0+win32k+x)/amd64"]);
    Platform::parse(specifier).unwrap()
}

fn source(random: &mut Random) -> Output {
    let meta = meta(random);
    match random.below(5) {
        0 => image(random).output(meta),
        1 => local(random).output(meta),
        2 => git(random).output(meta),
        3 => http(random).output(meta),
        _ => oci_layout(random).output(meta),
    }
}

fn image(random: &mut Random) -> Image {
    Image {
        reference: random
            .pick(&["debian", "nvcr.io/nvidia/cuda:12", "localhost:5000/a/b"])
            .to_owned(),
        resolve_mode: random.pick(&[ResolveMode::Default, ResolveMode::Pull, ResolveMode::Local]),
        checksum: random.maybe(|_| CHECKSUM.to_owned()),
        layer_limit: random.maybe(Random::u32),
        record_type: random.maybe(Random::text),
    }
}

fn local(random: &mut Random) -> Local {
    Local {
        name: random.id(),
        session: Some(random.id()),
        unique: random.maybe(Random::text),
        follow_paths: random.some(3, Random::text),
        include_patterns: random.some(3, Random::text),
        exclude_patterns: random.some(3, Random::text),
        shared_key_hint: random.maybe(Random::text),
        differ: random.maybe(|random| random.pick(&[Differ::None, Differ::Metadata])),
    }
}

fn git(random: &mut Random) -> Git {
    Git {
        remote: random
            .pick(&[
                "https://example.com/a.git",
                "git@example.com:a.git",
                "example.com/a",
            ])
            .to_owned(),
        reference: random.maybe(Random::text),
        subdir: random.maybe(Random::path),
        keep_git_dir: random.flag(),
        auth_token_secret: random.maybe(Random::text),
        auth_header_secret: random.maybe(Random::text),
        known_ssh_hosts: random.maybe(Random::text),
        ssh_socket: random.maybe(Random::text),
        checksum: random.maybe(Random::text),
        skip_submodules: random.flag(),
    }
}

fn http(random: &mut Random) -> Http {
    Http {
        url: format!("https://example.com/{}", random.id()),
        checksum: random.maybe(|_| CHECKSUM.to_owned()),
        filename: random.maybe(Random::text),
        perm: random.maybe(|random| 1 + random.below(0o777) as u32),
        uid: random.maybe(Random::u32),
        gid: random.maybe(Random::u32),
        auth_header_secret: random.maybe(Random::text),
        headers: random
            .maybe(|random| ("accept".to_owned(), random.text()))
            .into_iter()
            .collect(),
    }
}

fn oci_layout(random: &mut Random) -> OciLayout {
    OciLayout {
        reference: format!("{}@{CHECKSUM}", random.id()),
        session: random.maybe(Random::text),
        store: random.maybe(Random::text),
        layer_limit: random.maybe(Random::u32),
    }
}

fn exec(random: &mut Random, pool: &[Output]) -> Vec<Output> {
    let command = Exec {
        root: Root {
            input: random.maybe(|random| random.pick(pool)),
            readonly: random.flag(),
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

fn file(random: &mut Random, pool: &[Output]) -> File {
    let base = random.maybe(|random| random.pick(pool));
    let first = action(random, pool);
    let rest = random.some(3, |random| action(random, pool));
    File {
        base,
        actions: [vec![first], rest].concat(),
    }
}

fn action(random: &mut Random, pool: &[Output]) -> Action {
    let (path, owner) = (random.path(), random.maybe(|random| owner(random, pool)));
    let timestamp = random.maybe(|random| random.pick(&[0, 1, 1_700_000_000_000_000_000]));
    let (mode, flag) = (random.bits(), random.flag());
    match random.below(5) {
        0 => Action::Copy(copy(random, pool)),
        1 => Action::Mkdir(Mkdir {
            path,
            mode,
            make_parents: flag,
            owner,
            timestamp,
        }),
        2 => Action::Mkfile(Mkfile {
            path,
            mode,
            data: random.text().into_bytes(),
            owner,
            timestamp,
        }),
        3 => Action::Rm(Rm {
            path,
            allow_not_found: flag,
            allow_wildcard: random.flag(),
        }),
        _ => Action::Symlink(Symlink {
            oldpath: random.id(),
            newpath: path,
            owner,
            timestamp,
        }),
    }
}

fn owner(random: &mut Random, pool: &[Output]) -> Owner {
    let owner_ref = |random: &mut Random| match random.flag() {
        true => OwnerRef::Id(random.u32()),
        false => OwnerRef::Name {
            name: random.id(),
            from: random.pick(pool),
        },
    };
    Owner {
        user: random.maybe(owner_ref),
        group: random.maybe(owner_ref),
    }
}

fn copy(random: &mut Random, pool: &[Output]) -> Copy {
    let (mode, mode_str) = match random.below(3) {
        0 => (Some(random.bits()), None),
        1 => (None, Some("a+x".to_owned())),
        _ => (None, None),
    };
    Copy {
        from: random.maybe(|random| random.pick(pool)),
        src: random.path(),
        dest: random.path(),
        owner: random.maybe(|random| owner(random, pool)),
        mode,
        mode_str,
        follow_symlinks: random.flag(),
        copy_dir_contents_only: random.flag(),
        create_dest_path: random.flag(),
        allow_wildcard: random.flag(),
        allow_empty_wildcard: random.flag(),
        unpack: random.flag(),
        include: random.some(2, Random::text),
        exclude: random.some(2, Random::text),
        always_replace: random.flag(),
        timestamp: random.maybe(|random| random.pick(&[0, 5])),
    }
}
