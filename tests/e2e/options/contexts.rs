//! Named contexts.

use std::path::Path;

use modelcrate_tests::buildx::{Buildx, checked, docker, with_syntax};
use modelcrate_tests::git::GitRepository;
use modelcrate_tests::website::Website;
use tempfile::TempDir;

/// Copies `SRC` of the context `other`.
fn copying(src: &str) -> Buildx {
    Buildx::spec(&format!(
        "name: x\nbase: scratch\nuser: root\ncopy: [{{ from: other, src: {src}, dest: /copied }}]\n"
    ))
}

/// What was copied.
fn copied(build: Buildx) -> String {
    let files = build.files();
    std::fs::read_to_string(files.path().join("copied")).expect("the copied file")
}

fn other(build: Buildx, value: &str) -> Buildx {
    build.flags(&["--build-context", &format!("other={value}")])
}

/// testNamedImageContext
#[test]
#[ignore = "needs an engine: ./dev test"]
fn named_image_context() {
    let release = copied(other(
        copying("/etc/os-release"),
        "docker-image://debian:bookworm-slim",
    ));
    assert!(release.contains("bookworm"), "{release}");
    // As a base, under the name of an image, and with the config of the image that takes its place.
    let base =
        Buildx::spec("name: x\nuser: root\nbase: there-is-no/such-image:1\nrun: [\"command -v python3\"]\n");
    base.flags(&[
        "--build-context",
        "there-is-no/such-image:1=docker-image://python:3.11-slim",
    ])
    .passes();
}

/// testNamedOCILayoutContext
#[test]
#[ignore = "needs an engine: ./dev test"]
fn named_oci_layout_context() {
    let folder = TempDir::new().expect("a folder");
    let dest = folder.path().join("layout").display().to_string();
    let layer =
        Buildx::spec("name: x\nbase: scratch\nuser: root\nenv: { FROM: layout }\ncopy: [{ file: /file }]\n")
            .file("file", "x");
    layer
        .flags(&[
            "--output",
            &format!("type=oci,tar=false,dest={dest}"),
            "--provenance=false",
        ])
        .passes();
    assert_eq!(
        copied(other(copying("/file"), &format!("oci-layout://{dest}"))),
        "x"
    );
    let base = Buildx::spec("name: x\nuser: root\nbase: other\n");
    let image = other(base, &format!("oci-layout://{dest}")).inspect();
    assert!(
        image["Config"]["Env"].to_string().contains("FROM=layout"),
        "{image}"
    );
}

fn repository(root: &Path) {
    let repository = GitRepository::new(&root.join("work"));
    repository.commit(&[("folder/file", "from git")]);
    repository.publish(root, "named");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn named_git_context() {
    let root = TempDir::new().expect("a folder");
    repository(root.path());
    let server = Website::start(root.path());
    let url = server.url("named.git");
    assert_eq!(copied(other(copying("/folder/file"), &url)), "from git");
    for url in [
        format!("{url}#main:folder"),
        format!("{url}?branch=main&subdir=folder"),
    ] {
        assert_eq!(copied(other(copying("/file"), &url)), "from git", "{url}");
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn named_http_context() {
    let root = TempDir::new().expect("a folder");
    std::fs::write(root.path().join("file"), "over http").expect("a file");
    let server = Website::start(root.path());
    assert_eq!(
        copied(other(copying("/context"), &server.url("file"))),
        "over http"
    );
}

/// testNamedLocalContext, testNamedFilteredContext: its own ignore file, and only the files that are named.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn named_local_context() {
    let folder = TempDir::new().expect("a folder");
    for (path, text) in [("file", "local"), ("left", "x"), (".dockerignore", "left\n")] {
        std::fs::write(folder.path().join(path), text).expect("a file");
    }
    std::fs::write(folder.path().join("large"), vec![0; 4 << 20]).expect("a file");
    let path = folder.path().display().to_string();
    let built = other(copying("/file"), &path).passes();
    assert_eq!(copied(other(copying("/file"), &path)), "local");
    let transfers = built
        .seen
        .lines()
        .filter(|line| line.contains("transferring other"));
    assert!(
        transfers.clone().count() > 0 && transfers.clone().all(|line| !line.contains("MB")),
        "{}",
        built.seen
    );
    let seen = other(copying("/left"), &path).fails();
    assert!(seen.contains("not found"), "{seen}");
}

/// testNamedInputContext: a target of `docker buildx bake` as the base of another.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn named_input_context() {
    let bake = r#"
target "base" {
  dockerfile = "base.yaml"
  output = ["type=cacheonly"]
}
target "app" {
  dockerfile = "app.yaml"
  contexts = { linked = "target:base" }
  output = ["type=cacheonly"]
}
"#;
    let folder = TempDir::new().expect("a folder");
    let base =
        with_syntax("name: base\nuser: root\nenv: { WORD: inherited }\nrun: [\"echo linked >/file\"]\n");
    let app = with_syntax(
        "name: app\nbase: linked\nuser: root\nrun: [\"grep linked /file && test $WORD = inherited\"]\n",
    );
    for (path, text) in [
        ("docker-bake.hcl", bake),
        ("base.yaml", &base),
        ("app.yaml", &app),
    ] {
        std::fs::write(folder.path().join(path), text).expect("a file");
    }
    checked(
        docker()
            .current_dir(folder.path())
            .args(["buildx", "bake", "--allow=fs=*", "app"]),
    );
}

/// testEagerNamedContextLookup
#[test]
#[ignore = "needs an engine: ./dev test"]
fn eager_named_context_lookup() {
    other(
        Buildx::spec("name: x\nuser: root\n"),
        "docker-image://there-is-no/such-image:1",
    )
    .passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_named_context_that_cannot_be_had_is_named() {
    let seen = other(copying("/x"), "docker-image://there-is-no/such-image:1").fails();
    assert!(
        seen.contains("modelcrate.yaml:5") && seen.contains("there-is-no/such-image:1"),
        "{seen}"
    );
}
