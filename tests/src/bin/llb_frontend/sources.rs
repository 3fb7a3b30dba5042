//! Sources: images, folders of the client, repositories, files over HTTP, OCI layouts.

use std::collections::BTreeMap;

use buildkit_llb::{Differ, Git, Http, Image, Local, OciLayout, Output, ResolveMode};

use crate::Graph;
use crate::bench::Bench;

pub fn graph(bench: &Bench, name: &str) -> Option<Graph> {
    Some(match name {
        "image.resolve-modes" => resolve_modes(bench),
        "image.checksum" => image(bench, Some(bench.debian.digest.clone()), None),
        "image.other-checksum" => image(bench, Some(format!("sha256:{}", "0".repeat(64))), None),
        "image.layer-limit" => layer_limit(bench),
        "local.follow" => local(bench, |local| local.follow_paths = vec!["link".to_owned()]),
        "local.patterns" => local(bench, |local| {
            local.include_patterns = vec!["*.txt".to_owned(), "folder".to_owned()];
            local.exclude_patterns = vec!["left-out.txt".to_owned()];
        }),
        "local.same-size" => local(bench, |local| local.differ = Some(Differ::None)),
        "local.metadata" => local(bench, |local| local.differ = Some(Differ::Metadata)),
        "local.unique" => local(bench, |local| {
            local.unique = Some(bench.arg("NONCE").to_owned());
            local.session = None;
        }),
        "git" => git(bench, |_| {}),
        "git.ref" => git(bench, |git| git.reference = some(bench.arg("REF"))),
        "git.subdir" => git(bench, |git| git.subdir = some("folder")),
        "git.keep" => git(bench, |git| git.keep_git_dir = true),
        "git.checksum" => git(bench, |git| {
            git.reference = some(bench.arg("REF"));
            git.checksum = some(bench.arg("COMMIT"));
        }),
        "git.token" => git(bench, |git| git.auth_token_secret = some("token")),
        "git.header" => git(bench, |git| git.auth_header_secret = some("header")),
        "git.no-submodules" => git(bench, |git| git.skip_submodules = true),
        "http" => http(bench, |_| {}),
        "http.checksum" => http(bench, |http| http.checksum = some(bench.arg("CHECKSUM"))),
        "http.file" => http(bench, |http| {
            http.filename = some("renamed");
            http.perm = Some(0o751);
            http.uid = Some(1234);
            http.gid = Some(2345);
        }),
        "http.auth" => http(bench, |http| http.auth_header_secret = some("header")),
        "http.headers" => http(bench, |http| {
            http.headers = BTreeMap::from([
                ("accept".to_owned(), "text/x-test".to_owned()),
                ("user-agent".to_owned(), "graph/1".to_owned()),
            ]);
        }),
        "oci-layout" => oci_layout(bench),
        _ => return None,
    })
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The caller's script, which has the source at `/in`.
fn look(bench: &Bench, source: Output) -> Graph {
    Ok(vec![bench.look(
        "look at the source",
        source,
        bench.arg("SCRIPT"),
    )?])
}

fn resolve_modes(bench: &Bench) -> Graph {
    let modes = [
        ("default", ResolveMode::Default),
        ("pull", ResolveMode::Pull),
        ("local", ResolveMode::Local),
    ];
    modes
        .into_iter()
        .map(|(name, resolve_mode)| {
            let image = Image {
                reference: "debian:bookworm-slim".to_owned(),
                resolve_mode,
                ..Image::default()
            };
            let source = image.output(bench.native(&format!("debian, {name}")));
            bench.look(
                &format!("look, {name}"),
                source,
                "grep bookworm /in/etc/os-release",
            )
        })
        .collect()
}

fn image(bench: &Bench, checksum: Option<String>, layer_limit: Option<u32>) -> Graph {
    let image = Image {
        reference: "debian:bookworm-slim".to_owned(),
        checksum,
        layer_limit,
        ..Image::default()
    };
    look_at_debian(bench, image.output(bench.native("debian with a digest")))
}

fn look_at_debian(bench: &Bench, source: Output) -> Graph {
    Ok(vec![bench.look(
        "look",
        source,
        "grep bookworm /in/etc/os-release",
    )?])
}

/// The first layer of an image that is built on debian is debian.
fn layer_limit(bench: &Bench) -> Graph {
    let python = |layer_limit, name: &str| {
        let image = Image {
            reference: "python:3.11-slim".to_owned(),
            layer_limit,
            ..Image::default()
        };
        image.output(bench.native(name))
    };
    let whole = python(None, "python");
    let first = python(Some(1), "python, one layer");
    Ok(vec![
        bench.look("look at all", whole, "test -x /in/usr/local/bin/python3")?,
        bench.look(
            "look at one layer",
            first,
            "test ! -e /in/usr/local/bin/python3; test -e /in/etc/os-release",
        )?,
    ])
}

fn local(bench: &Bench, change: impl Fn(&mut Local)) -> Graph {
    let mut local = Local {
        name: "context".to_owned(),
        session: bench.session(),
        shared_key_hint: some(bench.arg("GRAPH")),
        ..Local::default()
    };
    change(&mut local);
    look(bench, local.output(bench.named("load the folder")))
}

fn git(bench: &Bench, change: impl Fn(&mut Git)) -> Graph {
    let mut git = Git {
        remote: bench.arg("URL").to_owned(),
        ..Git::default()
    };
    change(&mut git);
    look(bench, git.output(bench.named("check out")))
}

fn http(bench: &Bench, change: impl Fn(&mut Http)) -> Graph {
    let mut http = Http {
        url: bench.arg("URL").to_owned(),
        ..Http::default()
    };
    change(&mut http);
    look(bench, http.output(bench.named("download")))
}

/// The layout that `--build-context layout=oci-layout://…` offers: its store and digest.
fn oci_layout(bench: &Bench) -> Graph {
    let context = bench.contexts().get("layout").ok_or("no context `layout`")?;
    let rest = context.strip_prefix("oci-layout://").ok_or("no OCI layout")?;
    let (store, digest) = rest.split_once('@').ok_or("no digest")?;
    let layout = OciLayout {
        reference: format!("docker.io/library/layout@{digest}"),
        session: bench.session(),
        store: some(store.split(':').next().unwrap_or(store)),
        layer_limit: None,
    };
    look(bench, layout.output(bench.native("load the layout")))
}
