//! Contexts that are no folder of the client.

use std::process::Command;

use modelcrate_tests::buildx::{Buildx, checked, with_syntax};
use modelcrate_tests::git::GitRepository;
use modelcrate_tests::website::Website;
use tempfile::TempDir;

/// Takes `file` of the context.
const SPEC: &str = "name: x\nbase: scratch\nuser: root\ncopy: [{ file: /file }]\n";

/// The image has the file of the context.
#[track_caller]
fn arrives(build: Buildx) {
    let files = build.files();
    let file = std::fs::read_to_string(files.path().join("file"));
    assert_eq!(file.expect("the file"), "remote");
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (path, text) in files {
        std::fs::write(folder.path().join(path), text).expect("a file");
    }
    folder
}

/// testDockerfileFromGit, testGitQueryString
#[test]
#[ignore = "needs an engine: ./dev test"]
fn dockerfile_from_git() {
    let root = TempDir::new().expect("a folder");
    let repository = GitRepository::new(&root.path().join("work"));
    repository.commit(&[
        ("part/modelcrate.yaml", &with_syntax(SPEC)),
        ("part/file", "remote"),
    ]);
    repository.publish(root.path(), "context");
    let server = Website::start(root.path());
    let url = server.url("context.git");
    for url in [
        format!("{url}#main:part"),
        format!("{url}?branch=main&subdir=part"),
    ] {
        arrives(Buildx::bare().flags(&["--file", "modelcrate.yaml"]).context(&url));
    }
    let seen = Buildx::bare()
        .flags(&["--file", "modelcrate.yaml"])
        .context(&format!("{url}#absent"))
        .fails();
    assert!(seen.contains("absent"), "{seen}");
}

/// testTarContext: over HTTP and through standard input.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn tar_context() {
    let files = folder(&[("modelcrate.yaml", &with_syntax(SPEC)), ("file", "remote")]);
    let site = TempDir::new().expect("a folder");
    let archive = site.path().join("context.tar.gz");
    let mut tar = Command::new("tar");
    tar.arg("-czf").arg(&archive).arg("-C").arg(files.path()).arg(".");
    checked(&mut tar);
    let server = Website::start(site.path());
    let build = || Buildx::bare().flags(&["--file", "modelcrate.yaml"]);
    arrives(build().context(&server.url("context.tar.gz")));
    arrives(
        build()
            .context("-")
            .input(std::fs::read(&archive).expect("the archive")),
    );
}

/// testTarContextExternalDockerfile: the spec is the client's, the files are not.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn tar_context_external_dockerfile() {
    let files = folder(&[("file", "remote")]);
    let site = TempDir::new().expect("a folder");
    let archive = site.path().join("context.tar");
    checked(
        Command::new("tar")
            .arg("-cf")
            .arg(&archive)
            .arg("-C")
            .arg(files.path())
            .arg("."),
    );
    let server = Website::start(site.path());
    arrives(Buildx::spec(SPEC).context(&server.url("context.tar")));
}

/// testHTTPDockerfile: a URL that is no archive is the spec itself.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn http_dockerfile() {
    let site = folder(&[(
        "spec.yaml",
        &with_syntax("name: x\nuser: root\nrun: [\"true\"]\n"),
    )]);
    let server = Website::start(site.path());
    Buildx::bare().context(&server.url("spec.yaml")).passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_spec_comes_in_through_standard_input() {
    let build = Buildx::bare().file("file", "remote");
    arrives(build.flags(&["--file", "-"]).input(with_syntax(SPEC)));
}

/// testSymlinkedDockerfile
#[test]
#[ignore = "needs an engine: ./dev test"]
fn symlinked_dockerfile() {
    let build = Buildx::bare()
        .file("real.yaml", &with_syntax(SPEC))
        .file("file", "remote");
    let link = build.folder().join("linked.yaml");
    std::os::unix::fs::symlink("real.yaml", &link).expect("a link");
    arrives(build.flags(&["--file", &link.display().to_string()]));
}
