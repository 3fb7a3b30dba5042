//! What tests of Python share: projects locked by uv itself, and servers of packages and repositories.

mod git_server;

pub use git_server::GitServer;

use std::os::unix::fs::MetadataExt;
use std::sync::OnceLock;

use modelcrate_tests::{Build, Built, Engine, Image, Output, Project, Run};

/// A spec on the stand-in of an official Python image.
pub fn spec(rest: &str) -> String {
    format!("# syntax=modelcrate/frontend:1\nname: test\nbase: python:3.11-slim\n{rest}\n")
}

/// A spec on a base without Python.
pub fn spec_on_debian(rest: &str) -> String {
    spec(rest).replace("python:3.11-slim", "debian:bookworm-slim")
}

/// A package of one module, built with hatchling.
pub fn manifest(name: &str, dependencies: &[&str], more: &str) -> String {
    format!(
        "[project]\nname = \"{name}\"\nversion = \"0.1.0\"\nrequires-python = \">=3.11\"\ndependencies = {dependencies:?}\n\
         scripts.{name} = \"{name}:main\"\n[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n{more}\n"
    )
}

/// A project of one package that prints `NAME: ` and what `expression` gives.
pub fn package(name: &str, dependencies: &[&str], expression: &str, more: &str) -> Project {
    Project::with(&[
        ("pyproject.toml", &manifest(name, dependencies, more)),
        (&format!("src/{name}/__init__.py"), &module(name, expression)),
    ])
}

/// The module of [`package`].
pub fn module(name: &str, expression: &str) -> String {
    format!("def main():\n    import importlib, sys\n    print('{name}:', {expression})\n")
}

/// Runs uv in `folder` of the project.
#[track_caller]
pub fn uv(engine: &Engine, project: &Project, folder: &str, args: &[&str]) -> Output {
    static IMAGE: OnceLock<()> = OnceLock::new();
    IMAGE.get_or_init(|| make_uv_image(engine));
    let owner = std::fs::metadata(project.path()).expect("a folder");
    let mut command = engine.docker(&[
        "run",
        "--rm",
        "--network",
        "host",
        "--env",
        "HOME=/tmp",
        "--env",
        "UV_PYTHON=python3.11",
    ]);
    command.args(["--user", &format!("{}:{}", owner.uid(), owner.gid())]);
    command.args(["--volume", &format!("{}:/project", project.path().display())]);
    command.args([
        "--workdir",
        &format!("/project/{folder}"),
        "modelcrate-test/uv",
        "uv",
    ]);
    Output::of(command.args(args)).ok()
}

/// Writes `uv.lock`.
#[track_caller]
pub fn lock(engine: &Engine, project: &Project) {
    uv(engine, project, ".", &["lock"]);
}

fn make_uv_image(engine: &Engine) {
    let dockerfile = "FROM python:3.11-slim\n\
        RUN apt-get update -q && apt-get install -yq --no-install-recommends git\n\
        COPY --from=astral/uv:0.13.8 /uv /usr/local/bin/uv\n";
    let project = Project::with(&[("Dockerfile", dockerfile)]);
    let mut command = engine.docker(&["buildx", "build", "--load", "--tag", "modelcrate-test/uv"]);
    Output::of(command.arg(project.path())).ok();
}

/// Builds and loads the image.
#[track_caller]
pub fn load(engine: &Engine, project: &Project) -> Image {
    Build::of(project).load(engine).0
}

/// Builds what must fail, and gives all that the client printed.
#[track_caller]
pub fn failure(engine: &Engine, project: &Project, options: &[&str]) -> String {
    let built: Built = Build {
        options,
        ..Build::of(project)
    }
    .try_with(engine, &[]);
    assert!(!built.output.status.success(), "the build went well");
    built.log + &built.output.stderr
}

/// What a command in the image prints.
#[track_caller]
pub fn prints(image: &Image, options: &[&str], command: &[&str]) -> String {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let (options, args) = (own(options), own(&command[1..]));
    let run = Run {
        entrypoint: Some(command[0]),
        args: &args,
        options: &options,
    };
    image.run(&run).ok().stdout.trim().to_owned()
}

/// Asserts that every one of `parts` is in `text`.
#[track_caller]
pub fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

/// Whether `part` is among `bytes`. The standard library's search is compiled with optimisation in debug builds too.
pub fn contains(bytes: &[u8], part: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(part)
}
