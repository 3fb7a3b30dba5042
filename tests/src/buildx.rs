//! `docker buildx build` with the frontends of this repository, as a user runs it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::Engine;
use crate::nonce::nonce;

/// The first line of every spec.
const SYNTAX: &str = "# syntax=modelcrate/frontend:1";

/// Promises of a frontend image (buildkit `frontend/dockerfile/cmd/dockerfile-frontend/Dockerfile`).
const LABELS: &str = "moby.buildkit.frontend.network.none=true moby.buildkit.frontend.caps=\
    moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,\
    moby.buildkit.frontend.contexts,moby.buildkit.frontend.gitquerystring";

/// A build that has not run yet: a folder with files, and flags.
pub struct Buildx {
    folder: TempDir,
    flags: Vec<String>,
    variables: Vec<(String, String)>,
    context: Option<String>,
    input: Vec<u8>,
    progress: &'static str,
}

/// A build that has run.
#[derive(Debug)]
pub struct Outcome {
    /// The folder of its files.
    pub folder: TempDir,
    /// What the user saw: progress, warnings, errors.
    pub seen: String,
    /// What a program would have read.
    pub printed: String,
    /// What the client exited with; nothing where it was ended.
    pub code: Option<i32>,
    passed: bool,
}

impl Buildx {
    /// The spec `modelcrate.yaml`, whose second line is the first of `text`, in a folder of its own.
    pub fn spec(text: &str) -> Self {
        let bare = Self::bare();
        let file = bare.folder.path().join("modelcrate.yaml");
        bare.file("modelcrate.yaml", &with_syntax(text))
            .flags(&["--file", &file.display().to_string()])
    }

    /// No file at all, and what every build has of flags: nothing is exported unless another `--output` follows.
    pub fn bare() -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
            flags: Vec::new(),
            variables: Vec::new(),
            context: None,
            input: Vec::new(),
            progress: "plain",
        }
    }

    /// A further file in the folder, which is the context.
    pub fn file(self, path: &str, text: &str) -> Self {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
        self
    }

    /// Further flags.
    pub fn flags(mut self, flags: &[&str]) -> Self {
        self.flags.extend(flags.iter().map(|flag| (*flag).to_owned()));
        self
    }

    /// A build argument.
    pub fn argument(self, name: &str, value: &str) -> Self {
        self.flags(&["--build-arg", &format!("{name}={value}")])
    }

    /// A secret, which the client has in its environment.
    pub fn secret(mut self, id: &str, value: &str) -> Self {
        self.variables.push((format!("SECRET_{id}"), value.to_owned()));
        self.flags(&["--secret", &format!("id={id},env=SECRET_{id}")])
    }

    /// Another context than the folder: a URL, or `-`.
    pub fn context(mut self, context: &str) -> Self {
        self.context = Some(context.to_owned());
        self
    }

    /// What comes in through standard input.
    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Progress as JSON lines.
    pub fn raw_json(mut self) -> Self {
        self.progress = "rawjson";
        self
    }

    /// The folder of the files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs it.
    pub fn run(self) -> Outcome {
        let mut docker = docker();
        docker.args(["buildx", "build", &format!("--progress={}", self.progress)]);
        if !self
            .flags
            .iter()
            .any(|flag| ["--output", "--load", "--call", "--check"].contains(&flag.as_str()))
        {
            docker.args(["--output", "type=cacheonly"]);
        }
        docker.args(&self.flags).envs(self.variables);
        match &self.context {
            Some(context) => docker.arg(context),
            None => docker.arg(self.folder.path()),
        };
        let output = feed(docker, self.input);
        Outcome {
            folder: self.folder,
            seen: String::from_utf8_lossy(&output.stderr).into_owned(),
            printed: String::from_utf8_lossy(&output.stdout).into_owned(),
            code: output.status.code(),
            passed: output.status.success(),
        }
    }

    /// Runs it.
    ///
    /// # Panics
    /// If it fails.
    pub fn passes(self) -> Outcome {
        let built = self.run();
        assert!(built.passed, "{}", built.seen);
        built
    }

    /// Runs it: what the user sees.
    ///
    /// # Panics
    /// If it does not fail.
    pub fn fails(self) -> String {
        let built = self.run();
        assert!(!built.passed, "this should have failed:\n{}", built.seen);
        built.seen
    }

    /// Runs it: the files of the image, in a folder.
    pub fn files(self) -> TempDir {
        let folder = TempDir::new().expect("a folder");
        let output = format!("type=local,dest={}", folder.path().display());
        self.flags(&["--output", &output, "--provenance=false"]).passes();
        folder
    }

    /// Runs it: what `docker image inspect` says of the image, which is removed again.
    pub fn inspect(self) -> Value {
        let name = format!("modelcrate-test-{}", nonce());
        self.flags(&["--load", "--tag", &name]).passes();
        let output = checked(docker().args(["image", "inspect", &name]));
        checked(docker().args(["image", "rm", &name]));
        let images: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        images[0].clone()
    }
}

impl Outcome {
    /// Whether the step of this title was taken from the cache.
    ///
    /// # Panics
    /// If there was no such step.
    pub fn cached(&self, title: &str) -> bool {
        let title = format!(" {title}");
        let line = self.seen.lines().find(|line| line.ends_with(&title));
        let line = line.unwrap_or_else(|| panic!("no step `{title}` in:\n{}", self.seen));
        let number = line.split(' ').next().expect("the number of the step");
        self.seen.lines().any(|line| line == format!("{number} CACHED"))
    }
}

/// A spec as a file: with its first line.
pub fn with_syntax(text: &str) -> String {
    format!("{SYNTAX}\n{text}")
}

/// The `docker` of the engine under test.
pub fn docker() -> Command {
    engine().docker(&[])
}

/// The registry of the engine under test, `HOST:PORT`.
pub fn registry() -> &'static str {
    engine().registry()
}

/// The engine that all tests of one program share.
fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(Engine::main)
}

/// Runs a command.
///
/// # Panics
/// If it fails.
pub fn checked(command: &mut Command) -> Output {
    let output = command.output().expect("a program");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Makes the image of a frontend of this package, once: its name.
pub fn test_frontend() -> &'static str {
    static MADE: OnceLock<String> = OnceLock::new();
    MADE.get_or_init(|| {
        let name = format!("{}/modelcrate/llb-frontend:1", registry());
        push("llb_frontend", &name);
        name
    })
}

fn push(binary: &str, name: &str) {
    let folder = TempDir::new().expect("a folder");
    std::fs::copy(program(binary), folder.path().join("frontend")).expect("the program");
    let recipe =
        format!("FROM scratch\nCOPY frontend /frontend\nLABEL {LABELS}\nENTRYPOINT [\"/frontend\"]\n");
    std::fs::write(folder.path().join("Dockerfile"), recipe).expect("a Dockerfile");
    checked(
        docker()
            .args(["buildx", "build", "--quiet", "--push", "--tag", name])
            .arg(folder.path()),
    );
}

/// A program of this package that needs nothing of the image it is in.
fn program(binary: &str) -> PathBuf {
    const TARGET: &str = "x86_64-unknown-linux-musl";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the repository");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--quiet",
        "--target",
        TARGET,
        "--package",
        "modelcrate-tests",
        "--bin",
        binary,
    ]);
    checked(cargo.current_dir(root));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join(TARGET).join("debug").join(binary)
}

fn feed(mut command: Command, input: Vec<u8>) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().expect("docker");
    let mut pipe = process.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || pipe.write_all(&input));
    let output = process.wait_with_output().expect("the output of docker");
    // docker may end without having read everything.
    let _ = writer.join();
    output
}
