use buildkit_llb::{Action, Copy, File, Mkdir, Mkfile, Output, Owner, OwnerRef, Rm, Symlink};

use super::Random;

pub fn file(random: &mut Random, pool: &[Output]) -> File {
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
