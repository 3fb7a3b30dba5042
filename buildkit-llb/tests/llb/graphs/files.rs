use buildkit_llb::{Action, Copy, Mkdir, Mkfile, Output, Owner, OwnerRef, Rm, Symlink};

use super::{context, debian, file, strings, text};

const TIMESTAMP: Option<i64> = Some(1_700_000_000_000_000_000);

pub fn all() -> Vec<(&'static str, Option<Output>)> {
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
