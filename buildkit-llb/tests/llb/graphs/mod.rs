//! One graph for each op kind with all that it can have. `go_digests` has the digests that Go's client gives the same
//! graphs, so a change here is a change there.

mod commands;
mod files;
mod sources;

use buildkit_llb::{
    Action, ContentCache, Exec, File, Image, Local, Meta, Mkfile, Mount, MountKind, Output, Platform, Root,
    diff, merge,
};

pub use commands::{cache, exec, secret, ssh};
pub use files::{copy, named, owner};
pub use sources::{git, http, image, local, oci_layout};

pub const CHECKSUM: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

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
        ..Root::default()
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
    [sources::all(), commands::all(), files::all(), merges()].concat()
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
