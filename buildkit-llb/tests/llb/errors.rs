//! Graphs that BuildKit would refuse or get wrong.

use std::sync::Arc;

use buildkit_llb::{
    Action, CdiDevice, ContentCache, Copy, Definition, Exec, File, Git, Http, Image, Local, Location, Meta,
    Mkdir, Mount, MountKind, OciLayout, Output, OwnerRef, Problem, Rm, SecretEnv, Sharing, SourceInfo,
    Symlink, merge,
};

use crate::graphs::{self, amd64, command, debian, file, mount};

fn error(output: &Output) -> String {
    Definition::new(output).unwrap_err().to_string()
}

fn of_exec(exec: Exec) -> Output {
    exec.outputs(amd64()).root().unwrap()
}

fn of_mount(mounts: Vec<Mount>) -> Output {
    of_exec(Exec {
        mounts,
        ..command(Some(debian()), &["true"])
    })
}

fn of_action(action: Action) -> Output {
    file(Some(debian()), vec![action])
}

fn sources() -> Vec<Output> {
    let meta = Meta::default;
    let name = || "context".to_owned();
    let session = graphs::text("session-1");
    vec![
        Image {
            reference: "Debian".to_owned(),
            ..Image::default()
        }
        .output(meta()),
        Image {
            reference: "debian".to_owned(),
            checksum: graphs::text("sha1:abc"),
            ..Image::default()
        }
        .output(meta()),
        Local {
            session,
            ..Local::default()
        }
        .output(meta()),
        Local {
            name: name(),
            ..Local::default()
        }
        .output(meta()),
        Local {
            name: name(),
            session: graphs::text(""),
            ..Local::default()
        }
        .output(meta()),
        Git {
            remote: "ftp://example.com/app".to_owned(),
            ..Git::default()
        }
        .output(meta()),
        Git {
            remote: "https://example.com/app.git#main".to_owned(),
            ..Git::default()
        }
        .output(meta()),
        Http {
            url: "file:///etc/passwd".to_owned(),
            ..Http::default()
        }
        .output(meta()),
        Http {
            checksum: graphs::text("md5:abc"),
            ..graphs::http()
        }
        .output(meta()),
        Http {
            perm: Some(0),
            ..graphs::http()
        }
        .output(meta()),
        Http {
            perm: Some(0o1777),
            ..graphs::http()
        }
        .output(meta()),
        Http {
            headers: [("cookie".to_owned(), "a".to_owned())].into(),
            ..graphs::http()
        }
        .output(meta()),
        OciLayout::default().output(meta()),
    ]
}

fn execs() -> Vec<Output> {
    let run = || command(Some(debian()), &["true"]);
    let variable = |name: &str| vec![(name.to_owned(), "value".to_owned())];
    let (id, name) = ("token".to_owned(), "A=B".to_owned());
    vec![
        of_exec(command(Some(debian()), &[])),
        of_exec(Exec {
            cwd: String::new(),
            ..run()
        }),
        of_exec(Exec {
            cwd: "src".to_owned(),
            ..run()
        }),
        of_exec(Exec {
            env: variable(""),
            ..run()
        }),
        of_exec(Exec {
            env: variable("A=B"),
            ..run()
        }),
        of_exec(Exec {
            secret_env: vec![SecretEnv {
                id,
                name,
                optional: false,
            }],
            ..run()
        }),
        of_exec(Exec {
            secret_env: vec![SecretEnv {
                name: "A".to_owned(),
                ..SecretEnv::default()
            }],
            ..run()
        }),
        of_exec(Exec {
            hosts: vec![("mirror".to_owned(), "host-gateway".to_owned())],
            ..run()
        }),
        of_exec(Exec {
            cdi_devices: vec![CdiDevice::default()],
            ..run()
        }),
    ]
}

fn mounts() -> Vec<Output> {
    let tmpfs = || MountKind::Tmpfs { size: None };
    vec![
        of_mount(vec![mount("cache", tmpfs())]),
        of_mount(vec![mount("/", tmpfs())]),
        of_mount(vec![mount("/a", tmpfs()), mount("/a/./", tmpfs())]),
        of_mount(vec![
            mount("/a", tmpfs()),
            mount("/a", MountKind::scratch_output()),
        ]),
        of_mount(vec![mount(
            "/a",
            graphs::bind(None, true, true, ContentCache::Default),
        )]),
        of_mount(vec![mount("/a", graphs::cache("", Sharing::Shared, None, None))]),
        of_mount(vec![mount("/a", graphs::secret("", (0, 0, 0o400), false))]),
        of_mount(vec![mount("/a", graphs::secret("a", (0, 0, 0o4755), false))]),
        of_mount(vec![mount("/a", graphs::ssh(""))]),
        of_mount(vec![mount("/a", MountKind::Tmpfs { size: Some(0) })]),
    ]
}

fn files() -> Vec<Output> {
    let path = || "relative/path".to_owned();
    let (src, dest) = ("/a".to_owned(), "/b".to_owned());
    let two_modes = Copy {
        mode: Some(0o644),
        mode_str: graphs::text("a+x"),
        ..graphs::copy()
    };
    let symlink = |oldpath: &str, newpath| Symlink {
        oldpath: oldpath.to_owned(),
        newpath,
        ..Symlink::default()
    };
    vec![
        File {
            base: Some(debian()),
            actions: Vec::new(),
        }
        .output(Meta::default()),
        of_action(Action::Copy(Copy {
            src: path(),
            dest: dest.clone(),
            ..Copy::default()
        })),
        of_action(Action::Copy(Copy {
            src,
            dest: path(),
            ..Copy::default()
        })),
        of_action(Action::Copy(two_modes)),
        of_action(Action::Copy(Copy {
            mode: Some(0o10000),
            ..graphs::copy()
        })),
        of_action(Action::Copy(Copy {
            owner: graphs::owner(OwnerRef::Id(1), graphs::named("")),
            ..graphs::copy()
        })),
        of_action(Action::Mkdir(Mkdir {
            path: path(),
            ..Mkdir::default()
        })),
        of_action(Action::Mkdir(Mkdir {
            path: dest,
            mode: 0o1777,
            ..Mkdir::default()
        })),
        of_action(Action::Rm(Rm {
            path: path(),
            ..Rm::default()
        })),
        of_action(Action::Symlink(symlink("", "/b".to_owned()))),
        of_action(Action::Symlink(symlink("/a", path()))),
    ]
}

#[test]
fn every_invalid_vertex_is_refused_with_the_reason() {
    let outputs = [sources(), execs(), mounts(), files()].concat();
    insta::assert_snapshot!(outputs.iter().map(error).collect::<Vec<_>>().join("\n"));
}

#[test]
fn an_error_names_its_vertex_and_place_however_far_away_it_is_found() {
    let source = SourceInfo {
        filename: "app.yaml".to_owned(),
        ..SourceInfo::default()
    };
    let location = Location {
        source: Arc::new(source),
        ranges: Vec::new(),
    };
    let meta = Meta {
        name: graphs::text("[build] make"),
        locations: vec![location.clone()],
        ..Meta::default()
    };
    let invalid = command(None, &[]).outputs(meta).root().unwrap();
    let user = command(Some(invalid), &["true"])
        .outputs(Meta {
            name: graphs::text("later"),
            ..amd64()
        })
        .root();
    let head = merge([user, Some(debian())], Meta::default()).unwrap();
    let error = Definition::new(&head).unwrap_err();
    assert_eq!(error.problem, Problem::NoArguments);
    assert_eq!(error.to_string(), "`[build] make`: the command has no arguments");
    assert_eq!(error.locations, [location]);
    assert_eq!(head.digest().unwrap_err(), error);
}

/// An error in a vertex without a name must not be taken for one in a vertex that uses it.
#[test]
fn an_error_in_a_nameless_vertex_is_not_ascribed_to_its_user() {
    let invalid = command(None, &[]).outputs(amd64()).root();
    let user = command(invalid, &["true"])
        .outputs(Meta {
            name: graphs::text("later"),
            ..amd64()
        })
        .root()
        .unwrap();
    assert_eq!(error(&user), "the command has no arguments");
}
