//! Packages that are built: source distributions, git repositories, addresses, and versions that are read from git.

use std::process::Command;

use crate::python_support::*;
use modelcrate_tests::{Build, Engine, FileServer, Output, Project};

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_package_without_wheels_is_built() {
    let engine = Engine::main();
    let project = package(
        "app",
        &["docopt==0.6.2"],
        "importlib.import_module('docopt').__version__",
        "",
    );
    project.write("modelcrate.yaml", &spec("python: '3.11'"));
    lock(&engine, &project);
    assert_eq!(prints(&load(&engine, &project), &[], &["app"]), "app: 0.6.2");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_package_in_c_needs_a_compiler_that_never_ships() {
    let engine = Engine::main();
    let project = package(
        "app",
        &["netifaces==0.11.0"],
        "importlib.import_module('netifaces').version",
        "",
    );
    let spec = |apt: &str| {
        spec_on_debian(&format!(
            "apt: [python3]\npython:\n  version: '3.11'\n  interpreter: /usr/bin/python3\n{apt}"
        ))
    };
    project.write("modelcrate.yaml", &spec(""));
    lock(&engine, &project);
    has(&failure(&engine, &project, &[]), &["netifaces", "gcc"]);
    project.write("modelcrate.yaml", &spec("  apt: [gcc, libc6-dev, python3-dev]"));
    let image = load(&engine, &project);
    assert_eq!(prints(&image, &[], &["app"]), "app: 0.11.0");
    assert_eq!(
        prints(&image, &[], &["sh", "-c", "command -v gcc || echo none"]),
        "none"
    );
}

fn library() -> Project {
    Project::with(&[
        ("sub/pyproject.toml", &manifest("lib", &[], "")),
        ("sub/src/lib/__init__.py", "X = 'from git'\n"),
    ])
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_package_comes_from_a_git_repository() {
    let engine = Engine::main();
    let server = GitServer::new(&engine, library(), None);
    let source = format!(
        "[tool.uv.sources]\nlib = {{ git = '{}', subdirectory = 'sub' }}\n",
        server.url()
    );
    let project = package("app", &["lib"], "importlib.import_module('lib').X", &source);
    project.write("modelcrate.yaml", &spec("python: '3.11'"));
    lock(&engine, &project);
    assert_eq!(prints(&load(&engine, &project), &[], &["app"]), "app: from git");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_private_repository_needs_a_token() {
    let engine = Engine::main();
    let server = GitServer::new(&engine, library(), Some("t0ken-of-the-test"));
    let with_token = server.url().replace("://", "://x:t0ken-of-the-test@");
    let source = format!("[tool.uv.sources]\nlib = {{ git = '{with_token}', subdirectory = 'sub' }}\n");
    let project = package("app", &["lib"], "importlib.import_module('lib').X", &source);
    project.write("modelcrate.yaml", &spec("python: '3.11'"));
    lock(&engine, &project);
    for file in ["pyproject.toml", "uv.lock"] {
        let text = project.read(file).replace("x:t0ken-of-the-test@", "");
        project.write(file, &text);
    }
    let said = failure(&engine, &project, &[]);
    has(
        &said,
        &[
            "could not read Username",
            &server.url(),
            "--secret id=GIT_AUTH_TOKEN",
        ],
    );
    let build = Build {
        options: &["--secret", "id=GIT_AUTH_TOKEN,env=TOKEN"],
        env: &[("TOKEN", "t0ken-of-the-test")],
        ..Build::of(&project)
    };
    assert_eq!(prints(&build.load(&engine).0, &[], &["app"]), "app: from git");
    let (layout, built) = build.layout(&engine, &[]);
    assert!(!(built.log + &built.output.stderr).contains("t0ken-of-the-test"));
    for (path, bytes) in layout.everything() {
        assert!(!contains(&bytes, "t0ken-of-the-test"), "{}", path.display());
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_package_comes_from_an_address() {
    let engine = Engine::main();
    let library = library();
    uv(
        &engine,
        &library,
        "sub",
        &["build", "--wheel", "--out-dir", "../dist"],
    );
    let server = FileServer::new(&engine, &library.file("dist"));
    let address = format!("lib @ {}/lib-0.1.0-py3-none-any.whl", server.url());
    let project = package(
        "app",
        &[&address],
        "importlib.import_module('lib').X",
        "[tool.hatch.metadata]\nallow-direct-references = true\n",
    );
    project.write("modelcrate.yaml", &spec("python: '3.11'"));
    lock(&engine, &project);
    assert_eq!(prints(&load(&engine, &project), &[], &["app"]), "app: from git");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_version_is_read_from_git_or_given() {
    let engine = Engine::main();
    let project = package(
        "app",
        &[],
        "importlib.metadata.version('app')",
        "[tool.hatch.version]\nsource = 'vcs'\n",
    );
    project.edit(
        "src/app/__init__.py",
        "import importlib, sys",
        "import importlib.metadata",
    );
    project.edit("pyproject.toml", "version = \"0.1.0\"", "dynamic = ['version']");
    project.edit(
        "pyproject.toml",
        "[\"hatchling\"]",
        "[\"hatchling\", \"hatch-vcs\"]",
    );
    project.write("modelcrate.yaml", &spec("python: '3.11'"));
    // Tracked, and never in the context: that makes no other version.
    project.write("notes.txt", "of no use to the build\n");
    project.write(".dockerignore", ".git\nnotes.txt\n");
    commit_and_tag(&project, "v4.5.6");
    lock(&engine, &project);
    let said = failure(&engine, &project, &[]);
    let fix = "SETUPTOOLS_SCM_PRETEND_VERSION";
    has(
        &said,
        &[
            "the version is read from git, and there is no `.git` in the build context",
            fix,
        ],
    );

    let given = format!("python: {{ version: '3.11', build_env: {{ {fix}: 7.8.9 }} }}");
    project.write("modelcrate.yaml", &spec(&given));
    assert_eq!(prints(&load(&engine, &project), &[], &["app"]), "app: 7.8.9");

    project.write("modelcrate.yaml", &spec("python: '3.11'"));
    project.write(".dockerignore", "notes.txt\n");
    commit_and_tag(&project, "v4.5.7");
    assert_eq!(prints(&load(&engine, &project), &[], &["app"]), "app: 4.5.7");
}

fn commit_and_tag(project: &Project, tag: &str) {
    let author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    for args in [
        &["init", "--quiet"][..],
        &["add", "."],
        &[&author[..], &["commit", "--quiet", "--message=all"]].concat(),
        &["tag", tag],
    ] {
        Output::of(Command::new("git").arg("-C").arg(project.path()).args(args)).ok();
    }
}
