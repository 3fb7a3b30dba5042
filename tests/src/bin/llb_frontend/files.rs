//! File operations.

use buildkit_llb::{Action, Copy, File, Mkdir, Mkfile, Output, Owner, OwnerRef, Rm, Symlink};

use crate::Graph;
use crate::bench::Bench;

/// 2001-09-09 01:46:40, in nanoseconds.
const BILLION: Option<i64> = Some(1_000_000_000_000_000_000);

pub fn graph(bench: &Bench, name: &str) -> Option<Graph> {
    Some(match name {
        "file.make" => make(bench),
        "file.mkdir-known" => mkdir_known(bench),
        "file.copy" => copy(bench),
        "file.copy-missing" => copies(bench, vec![from(bench, "/absent", "/")], "true"),
        "file.copy-wildcard" => wildcard(bench),
        "file.copy-no-match" => copies(
            bench,
            vec![Copy {
                allow_wildcard: true,
                ..from(bench, "/*.none", "/")
            }],
            "true",
        ),
        "file.copy-patterns" => patterns(bench),
        "file.copy-owner" => owner(bench),
        "file.copy-mode" => mode(bench),
        "file.copy-links" => links(bench),
        "file.copy-dest" => dest(bench, true),
        "file.copy-no-dest" => dest(bench, false),
        "file.copy-replace" => replace(bench),
        "file.copy-times" => times(bench),
        "file.unpack" => unpack(bench),
        "file.rm" => rm(bench),
        "file.rm-missing" => remove(
            bench,
            Rm {
                path: "/absent".to_owned(),
                ..Rm::default()
            },
        ),
        "file.symlink" => symlink(bench),
        _ => return None,
    })
}

fn file(bench: &Bench, name: &str, base: Option<Output>, actions: Vec<Action>) -> Output {
    File { base, actions }.output(bench.named(name))
}

fn ids(user: u32, group: u32) -> Option<Owner> {
    Some(Owner {
        user: Some(OwnerRef::Id(user)),
        group: Some(OwnerRef::Id(group)),
    })
}

fn folder(path: &str) -> Action {
    Action::Mkdir(Mkdir {
        path: path.to_owned(),
        mode: 0o755,
        make_parents: true,
        ..Mkdir::default()
    })
}

fn text(path: &str, text: &str) -> Action {
    Action::Mkfile(Mkfile {
        path: path.to_owned(),
        mode: 0o640,
        data: text.as_bytes().to_vec(),
        ..Mkfile::default()
    })
}

/// What copies are made of.
fn tree(bench: &Bench) -> Output {
    let link = Action::Symlink(Symlink {
        oldpath: "folder".to_owned(),
        newpath: "/link".to_owned(),
        ..Symlink::default()
    });
    let actions = vec![
        folder("/folder/deep"),
        text("/folder/a.txt", "a"),
        text("/folder/b.log", "b"),
        text("/folder/deep/c.txt", "c"),
        text("/top.txt", "top"),
        link,
    ];
    file(bench, "a tree", None, actions)
}

fn from(bench: &Bench, src: &str, dest: &str) -> Copy {
    Copy {
        from: Some(tree(bench)),
        src: src.to_owned(),
        dest: dest.to_owned(),
        ..Copy::default()
    }
}

/// The copies, on scratch, and a look at them.
fn copies(bench: &Bench, copies: Vec<Copy>, script: &str) -> Graph {
    let actions = copies.into_iter().map(Action::Copy).collect();
    Ok(vec![bench.look(
        "look",
        file(bench, "copy", None, actions),
        script,
    )?])
}

fn make(bench: &Bench) -> Graph {
    let actions = vec![
        Action::Mkdir(Mkdir {
            path: "/one/two".to_owned(),
            mode: 0o750,
            make_parents: true,
            owner: ids(1234, 2345),
            timestamp: BILLION,
        }),
        Action::Mkfile(Mkfile {
            path: "/one/two/file".to_owned(),
            mode: 0o604,
            data: vec![0, 0xff, b'\n'],
            owner: ids(1, 2),
            timestamp: BILLION,
        }),
    ];
    let script = r#"test "$(stat -c %u:%g:%a:%Y /in/one/two/file)" = 1:2:604:1000000000
        test "$(stat -c %u:%g:%a /in/one/two)" = 1234:2345:750
        test "$(od -An -tx1 /in/one/two/file)" = ' 00 ff 0a'"#;
    Ok(vec![bench.look(
        "look",
        file(bench, "make", None, actions),
        script,
    )?])
}

/// A folder that is there keeps its mode.
fn mkdir_known(bench: &Bench) -> Graph {
    let known = file(bench, "a folder", None, vec![folder("/known")]);
    let again = Action::Mkdir(Mkdir {
        path: "/known".to_owned(),
        mode: 0o700,
        ..Mkdir::default()
    });
    let made = file(bench, "make it again", Some(known), vec![again]);
    Ok(vec![bench.look(
        "look",
        made,
        "test \"$(stat -c %a /in/known)\" = 755",
    )?])
}

/// A file, a folder by its contents, a folder as it is, and into a folder.
fn copy(bench: &Bench) -> Graph {
    let contents = Copy {
        copy_dir_contents_only: true,
        create_dest_path: true,
        ..from(bench, "/folder", "/contents")
    };
    let into = Copy {
        create_dest_path: true,
        ..from(bench, "/top.txt", "/into/")
    };
    let all = vec![
        from(bench, "/top.txt", "/renamed"),
        contents,
        from(bench, "/folder", "/"),
        into,
    ];
    let script = "test \"$(cat /in/renamed)\" = top; test -e /in/contents/deep/c.txt
        test -e /in/folder/a.txt; test -f /in/into/top.txt; test $(stat -c %a /in/renamed) = 640";
    copies(bench, all, script)
}

fn wildcard(bench: &Bench) -> Graph {
    let some = Copy {
        allow_wildcard: true,
        ..from(bench, "/folder/*.txt", "/")
    };
    let none = Copy {
        allow_wildcard: true,
        allow_empty_wildcard: true,
        ..from(bench, "/*.none", "/")
    };
    copies(bench, vec![some, none], "test \"$(ls /in)\" = a.txt")
}

fn patterns(bench: &Bench) -> Graph {
    let copy = Copy {
        copy_dir_contents_only: true,
        include: vec!["**/*.txt".to_owned()],
        exclude: vec!["folder/a.txt".to_owned()],
        ..from(bench, "/", "/")
    };
    let script =
        r#"test "$(cd /in; find . -type f | sort | tr '\n' ' ')" = './folder/deep/c.txt ./top.txt '"#;
    copies(bench, vec![copy], script)
}

fn owner(bench: &Bench) -> Graph {
    let by_name = |name: &str| OwnerRef::Name {
        name: name.to_owned(),
        from: bench.debian(),
    };
    let named = Owner {
        user: Some(by_name("nobody")),
        group: Some(by_name("nogroup")),
    };
    let all = vec![
        Copy {
            owner: ids(1234, 2345),
            ..from(bench, "/top.txt", "/by-id")
        },
        Copy {
            owner: Some(named),
            ..from(bench, "/folder", "/by-name")
        },
    ];
    let script = "test $(stat -c %u:%g /in/by-id) = 1234:2345
        test $(stat -c %U:%G /in/by-name/deep/c.txt) = nobody:nogroup";
    copies(bench, all, script)
}

fn mode(bench: &Bench) -> Graph {
    let all = vec![
        Copy {
            mode: Some(0o4711),
            ..from(bench, "/top.txt", "/bits")
        },
        Copy {
            mode_str: Some("u=rwX,go=rX".to_owned()),
            ..from(bench, "/folder", "/text")
        },
    ];
    let script = "test $(stat -c %a /in/bits) = 4711
        test $(stat -c %a /in/text/a.txt) = 644; test $(stat -c %a /in/text/deep) = 755";
    copies(bench, all, script)
}

fn links(bench: &Bench) -> Graph {
    let followed = Copy {
        follow_symlinks: true,
        ..from(bench, "/link", "/followed")
    };
    let all = vec![followed, from(bench, "/link", "/kept")];
    let script = "test -d /in/followed; test ! -L /in/followed; test -e /in/followed/a.txt
        test \"$(readlink /in/kept)\" = folder";
    copies(bench, all, script)
}

fn dest(bench: &Bench, create_dest_path: bool) -> Graph {
    let copy = Copy {
        create_dest_path,
        ..from(bench, "/top.txt", "/not/there/yet")
    };
    copies(bench, vec![copy], "test -f /in/not/there/yet")
}

/// A folder where a file was, and a file where a folder was.
fn replace(bench: &Bench) -> Graph {
    let actions = vec![text("/folder", "a file"), folder("/top.txt")];
    let base = file(bench, "in the way", None, actions);
    let copy = Copy {
        copy_dir_contents_only: true,
        always_replace: true,
        ..from(bench, "/", "/")
    };
    let copied = file(bench, "copy", Some(base), vec![Action::Copy(copy)]);
    Ok(vec![bench.look(
        "look",
        copied,
        "test -d /in/folder/deep; test -f /in/top.txt",
    )?])
}

fn times(bench: &Bench) -> Graph {
    let copy = Copy {
        timestamp: BILLION,
        ..from(bench, "/folder", "/")
    };
    copies(
        bench,
        vec![copy],
        "test $(stat -c %Y /in/folder/deep/c.txt) = 1000000000",
    )
}

/// A real archive, which a command makes.
fn unpack(bench: &Bench) -> Graph {
    let made = bench.run(
        "archive",
        bench.shell("cd /etc; tar -czf /archive.tar.gz os-release passwd"),
    )?;
    let copy = |unpack, dest: &str| Copy {
        from: Some(made.clone()),
        src: "/archive.tar.gz".to_owned(),
        dest: dest.to_owned(),
        create_dest_path: true,
        unpack,
        ..Copy::default()
    };
    let script = "grep root /in/unpacked/passwd; test ! -e /in/unpacked/archive.tar.gz
        test -f /in/packed/archive.tar.gz; test ! -e /in/packed/passwd";
    copies(
        bench,
        vec![copy(true, "/unpacked/"), copy(false, "/packed/")],
        script,
    )
}

fn remove(bench: &Bench, rm: Rm) -> Graph {
    let removed = file(bench, "remove", Some(tree(bench)), vec![Action::Rm(rm)]);
    Ok(vec![bench.look("look", removed, "true")?])
}

fn rm(bench: &Bench) -> Graph {
    let rm = |path: &str, allow_wildcard, allow_not_found| {
        Action::Rm(Rm {
            path: path.to_owned(),
            allow_wildcard,
            allow_not_found,
        })
    };
    let actions = vec![
        rm("/folder/*.txt", true, false),
        rm("/absent", false, true),
        rm("/folder/deep", false, false),
    ];
    let removed = file(bench, "remove", Some(tree(bench)), actions);
    Ok(vec![bench.look(
        "look",
        removed,
        "test \"$(ls /in/folder)\" = b.log; test -e /in/top.txt",
    )?])
}

fn symlink(bench: &Bench) -> Graph {
    let link = Action::Symlink(Symlink {
        oldpath: "../absent".to_owned(),
        newpath: "/link".to_owned(),
        owner: ids(1234, 2345),
        timestamp: BILLION,
    });
    let script =
        "test \"$(readlink /in/link)\" = ../absent; test $(stat -c %u:%g:%Y /in/link) = 1234:2345:1000000000";
    Ok(vec![bench.look(
        "look",
        file(bench, "link", None, vec![link]),
        script,
    )?])
}
