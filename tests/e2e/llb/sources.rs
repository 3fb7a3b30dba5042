//! Sources.

use std::path::Path;

use modelcrate_tests::git::GitRepository;
use modelcrate_tests::website::Website;
use tempfile::TempDir;

use super::solve::{Solve, graph};

/// `printf 'hello\n' | sha256sum`
const HELLO: &str = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_image_is_found_in_every_resolve_mode() {
    graph("image.resolve-modes").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_image_must_have_its_checksum() {
    graph("image.checksum").passes();
    let refused = graph("image.other-checksum").fails();
    assert!(
        refused.contains("does not match expected checksum sha256:0000"),
        "{refused}"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_layer_limit_takes_the_lowest_layers() {
    graph("image.layer-limit").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_local_source_follows_links() {
    let folder = folder(&[("folder/target", "x"), ("other", "x")]);
    std::os::unix::fs::symlink("folder/target", folder.path().join("link")).expect("a link");
    let script = "test -L /in/link; test -f /in/link; test ! -e /in/other";
    graph("local.follow")
        .folder(folder.path())
        .script(script)
        .passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_local_source_takes_what_its_patterns_say() {
    let folder = folder(&[
        ("a.txt", "x"),
        ("left-out.txt", "x"),
        ("b.log", "x"),
        ("folder/b.log", "x"),
    ]);
    let script = r#"test "$(cd /in; find . -type f | sort | tr '\n' ' ')" = './a.txt ./folder/b.log '"#;
    graph("local.patterns")
        .folder(folder.path())
        .script(script)
        .passes();
}

/// An edit that keeps size and time is seen without a differ, and not with the one for metadata.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn without_a_differ_every_edit_is_seen() {
    for (name, second) in [("local.same-size", "two"), ("local.metadata", "one")] {
        let folder = folder(&[("file", "")]);
        let seen = |text: &str, expected: &str| {
            let path = folder.path().join("file");
            std::fs::write(&path, text).expect("a file");
            let file = std::fs::File::options()
                .write(true)
                .open(&path)
                .expect("the file");
            file.set_modified(std::time::UNIX_EPOCH).expect("a time");
            let script = format!("test $(cat /in/file) = {expected}");
            graph(name).folder(folder.path()).script(&script).passes();
        };
        seen("one", "one");
        seen("two", second);
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_local_source_may_be_told_apart_by_an_id() {
    let folder = folder(&[("file", "x")]);
    graph("local.unique")
        .folder(folder.path())
        .script("test -f /in/file")
        .passes();
}

/// A repository with a tag, a branch, a subfolder and a submodule, and the ids of its two commits.
///
/// No other call makes these commits: for an engine, a commit is the same wherever it is fetched from, so that a test could be
/// given what another fetches at that moment, with the other's server and secrets.
fn repositories(root: &Path) -> [String; 2] {
    let whose = root.display().to_string();
    let part = GitRepository::new(&root.join("work/part"));
    part.commit(&[("part.txt", "part"), ("whose", &whose)]);
    part.publish(root, "part");
    let main = GitRepository::new(&root.join("work/main"));
    let first = main.commit(&[("file", "first"), ("folder/inner", "inner"), ("whose", &whose)]);
    main.git(&["tag", "v1"]);
    main.git(&["switch", "--quiet", "--create", "side"]);
    main.commit(&[("file", "side")]);
    main.git(&["switch", "--quiet", "main"]);
    main.git(&[
        "submodule",
        "--quiet",
        "add",
        &root.join("part.git").display().to_string(),
        "module",
    ]);
    main.git(&[
        "config",
        "--file",
        ".gitmodules",
        "submodule.module.url",
        "../part.git",
    ]);
    let second = main.commit(&[("file", "second")]);
    main.publish(root, "main");
    [first, second]
}

fn git(name: &str, server: &Website, script: &str) -> Solve {
    graph(name)
        .argument("URL", &server.url("main.git"))
        .script(script)
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_repository_is_checked_out_with_its_submodules() {
    let root = TempDir::new().expect("a folder");
    repositories(root.path());
    let server = Website::start(root.path());
    git(
        "git",
        &server,
        "test $(cat /in/file) = second; test -e /in/module/part.txt; test ! -e /in/.git",
    )
    .passes();
    git(
        "git.no-submodules",
        &server,
        "test -e /in/file; test ! -e /in/module/part.txt",
    )
    .passes();
    git("git.keep", &server, "test -d /in/.git").passes();
    git("git.subdir", &server, "test \"$(ls /in)\" = inner").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_branch_a_tag_or_a_commit_is_checked_out() {
    let root = TempDir::new().expect("a folder");
    let [first, _] = repositories(root.path());
    let server = Website::start(root.path());
    for (reference, text) in [("side", "side"), ("v1", "first"), (first.as_str(), "first")] {
        git("git.ref", &server, &format!("test $(cat /in/file) = {text}"))
            .argument("REF", reference)
            .passes();
    }
    let refused = git("git.ref", &server, "true").argument("REF", "absent").fails();
    assert!(refused.contains("absent"), "{refused}");
}

/// testAddGitChecksumCache
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_repository_must_be_at_its_checksum() {
    let root = TempDir::new().expect("a folder");
    let [_, second] = repositories(root.path());
    // No engine has this commit: one that is in the cache is taken without asking the repository.
    let other = "0".repeat(40);
    let server = Website::start(root.path());
    let at = |commit: &str| {
        git("git.checksum", &server, "test -e /in/file")
            .argument("COMMIT", commit)
            .argument("REF", "main")
    };
    let refused = at(&other).fails();
    assert!(
        refused.contains(&format!("expected checksum to match {other}")),
        "{refused}"
    );
    at(&second).passes();
}

/// `x-access-token:s3cret`, as BuildKit sends a token.
const TOKEN: &str = "basic eC1hY2Nlc3MtdG9rZW46czNjcmV0";

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_repository_is_fetched_with_a_secret_token_or_header() {
    let root = TempDir::new().expect("a folder");
    // Without a submodule: what is sent to one repository, the engine sends to no other.
    let repository = GitRepository::new(&root.path().join("work"));
    repository.commit(&[("file", &root.path().display().to_string())]);
    repository.publish(root.path(), "main");
    let server = Website::locked(root.path(), TOKEN);
    let script = "test -e /in/file";
    git("git.token", &server, script)
        .secret("token", "s3cret")
        .passes();
    git("git.header", &server, script)
        .secret("header", TOKEN)
        .passes();
    let refused = git("git.token", &server, script).secret("token", "wrong").fails();
    assert!(refused.contains("could not read Username"), "{refused}");
    assert!(!refused.contains("s3cret"), "{refused}");
}

fn http(name: &str, url: &str, script: &str) -> Solve {
    graph(name).argument("URL", url).script(script)
}

/// testBuildHTTPSource
#[test]
#[ignore = "needs an engine: ./dev test"]
fn build_http_source() {
    let files = folder(&[("hello.txt", "hello\n")]);
    let server = Website::start(files.path());
    let url = server.url("hello.txt");
    http(
        "http",
        &url,
        "test $(cat /in/hello.txt) = hello; test $(stat -c %u:%g:%a /in/hello.txt) = 0:0:600",
    )
    .passes();
    http(
        "http.file",
        &url,
        "test $(stat -c %u:%g:%a /in/renamed) = 1234:2345:751",
    )
    .passes();
    let refused = http("http", &server.url("absent"), "true").fails();
    assert!(refused.contains("invalid response status 404"), "{refused}");
}

/// testAddChecksum
#[test]
#[ignore = "needs an engine: ./dev test"]
fn add_checksum() {
    let files = folder(&[("hello.txt", "hello\n"), ("other.txt", "other\n")]);
    let server = Website::start(files.path());
    let at = |path| http("http.checksum", &server.url(path), "true").argument("CHECKSUM", HELLO);
    let refused = at("other.txt").fails();
    assert!(
        refused.contains("digest mismatch") && refused.contains(HELLO),
        "{refused}"
    );
    at("hello.txt").passes();
}

/// testBuildHTTPSourceAuthHeaderSecret
#[test]
#[ignore = "needs an engine: ./dev test"]
fn build_http_source_auth_header_secret() {
    let files = folder(&[("hello.txt", "hello\n")]);
    let server = Website::locked(files.path(), "Bearer s3cret");
    let url = server.url("hello.txt");
    http("http.auth", &url, "test -f /in/hello.txt")
        .secret("header", "Bearer s3cret")
        .passes();
    let refused = http("http.auth", &url, "true")
        .secret("header", "Bearer wrong")
        .fails();
    assert!(refused.contains("invalid response status 401"), "{refused}");
}

/// testBuildHTTPSourceHeader
#[test]
#[ignore = "needs an engine: ./dev test"]
fn build_http_source_header() {
    let files = folder(&[]);
    let server = Website::start(files.path());
    let script = "grep '^accept: text/x-test$' /in/headers; grep '^user-agent: graph/1$' /in/headers";
    http("http.headers", &server.url("headers"), script).passes();
}

/// testNamedOCILayoutContext: the layout is one that the engine exported.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_image_of_an_oci_layout_is_loaded_from_the_client() {
    let folder = TempDir::new().expect("a folder");
    let dest = folder.path().join("layout");
    let output = format!("type=oci,tar=false,dest={}", dest.display());
    graph("file.symlink").flags(&["--output", &output]).passes();
    let context = format!("layout=oci-layout://{}", dest.display());
    graph("oci-layout")
        .flags(&["--build-context", &context])
        .script("test -e /in/etc/os-release")
        .passes();
}
