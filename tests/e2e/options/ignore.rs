//! Ignore files.

use modelcrate_tests::buildx::Buildx;

fn spec(looking: &str) -> Buildx {
    let spec = format!(
        "name: x\nuser: root\nrun:\n  - command: {looking}\n    inputs: [.]\n    stage: build\n    outputs: [/done]\n"
    );
    Buildx::spec(&spec)
        .file("kept.txt", "x")
        .file("left.txt", "x")
        .file("folder/left.txt", "x")
}

const ONLY_KEPT: &str = "test -e kept.txt && test ! -e left.txt && test ! -e folder/left.txt && touch /done";

/// testDockerignore
#[test]
#[ignore = "needs an engine: ./dev test"]
fn dockerignore() {
    spec(ONLY_KEPT)
        .file(".dockerignore", "# a comment\n**/left.txt\n")
        .passes();
    spec("test -e left.txt && touch /done").passes();
}

/// testDockerignoreOverride
#[test]
#[ignore = "needs an engine: ./dev test"]
fn dockerignore_override() {
    spec(ONLY_KEPT)
        .file(".dockerignore", "*\n")
        .file("modelcrate.yaml.dockerignore", "**/*.txt\n!kept.txt\n")
        .passes();
}

/// testDockerignoreInvalid
#[test]
#[ignore = "needs an engine: ./dev test"]
fn dockerignore_invalid() {
    let seen = spec("true").file(".dockerignore", "ok\n!\n").fails();
    assert!(
        seen.contains("`.dockerignore` line 2: `!` takes back nothing"),
        "{seen}"
    );
    let seen = spec("true").file("modelcrate.yaml.dockerignore", "a[b\n").fails();
    assert!(
        seen.contains("`modelcrate.yaml.dockerignore` line 1: `a[b` has a `[` without `]`"),
        "{seen}"
    );
}

/// testCopyIgnoredFiles: a file that is left out cannot be copied, and the error says why.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn copy_ignored_files() {
    let spec = Buildx::spec("name: x\nuser: root\ncopy: [{ left.txt: /left.txt }]\n");
    let seen = spec
        .file("left.txt", "x")
        .file(".dockerignore", "left.txt\n")
        .fails();
    assert!(seen.contains("left.txt") && seen.contains("not found"), "{seen}");
}
