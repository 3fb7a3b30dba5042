//! What the examples say of their images in `expect.toml`. The keys of that file are the fields below.

mod server;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Image, Output, Project, Run, Tree, Warning};
use server::Server;

/// What the image of one target must be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// What the image is built from.
    #[serde(default)]
    pub context: Context,
    config: Config,
    #[serde(default)]
    file: Vec<File>,
    #[serde(default)]
    run: Vec<Command>,
    server: Option<Server>,
    /// The names of all that the build warns of.
    #[serde(default)]
    warnings: Vec<String>,
}

/// The build context of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Context {
    /// Its own folder.
    #[default]
    Example,
    /// All of the repository.
    Repository,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    user: String,
    workdir: String,
    entrypoint: Vec<String>,
    /// All of them.
    #[serde(default)]
    ports: Vec<String>,
    /// What the check calls.
    healthcheck: Option<String>,
    /// Among others.
    env: BTreeMap<String, String>,
    /// Among others.
    labels: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    path: String,
    /// In octal. Every file belongs to root.
    mode: Option<String>,
    /// Its first bytes.
    starts: Option<String>,
    #[serde(default)]
    absent: bool,
}

/// A container that runs to its end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Command {
    entrypoint: Option<String>,
    args: Vec<String>,
    /// Variables of the container.
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Folders of the example and where they are in the container, read-only.
    #[serde(default)]
    mount: BTreeMap<String, String>,
    /// The folders may be written to by the image's user.
    #[serde(default)]
    writable: bool,
    #[serde(default)]
    exit: i32,
    /// All that it prints.
    stdout: Option<String>,
    /// Part of what it prints.
    contains: Option<String>,
    /// The checks that have something to say before it starts, all of them and in order.
    hints: Option<Vec<String>>,
}

impl Expected {
    /// What a project says, by target; `default` is the spec itself.
    pub fn of(project: &Project) -> BTreeMap<String, Self> {
        toml::from_str(&project.read("expect.toml")).expect("a description of the images")
    }

    /// Checks everything.
    #[track_caller]
    pub fn check(&self, image: &Image, project: &Project) {
        check_config(&image.config(), &self.config);
        let tree = image.tree();
        for file in &self.file {
            check_file(&tree, file);
        }
        self.check_job_and(image, project, check_hints);
    }

    /// Checks that just this is warned of. A warning starts with its name.
    #[track_caller]
    pub fn check_warnings(&self, warnings: &[Warning]) {
        let names: Vec<&str> = warnings
            .iter()
            .filter_map(|warning| warning.short.split(':').next())
            .collect();
        assert_eq!(names, self.warnings, "{warnings:?}");
    }

    /// Checks what the image does, however it was made.
    #[track_caller]
    pub fn check_job(&self, image: &Image, project: &Project) {
        // Hints before the start are modelcrate's own.
        self.check_job_and(image, project, |_, _| ());
    }

    fn check_job_and(&self, image: &Image, project: &Project, and: fn(&Command, &Output)) {
        for command in &self.run {
            and(command, &check_command(image, project, command));
        }
        if let Some(server) = &self.server {
            server.check(image, project);
        }
    }
}

fn check_config(config: &Value, expected: &Config) {
    assert_eq!(config["User"], expected.user);
    let workdir = config["WorkingDir"]
        .as_str()
        .filter(|path| !path.is_empty())
        .unwrap_or("/");
    assert_eq!(workdir, expected.workdir);
    assert_eq!(config["Entrypoint"], json!(expected.entrypoint));
    let ports: Vec<&String> = config["ExposedPorts"]
        .as_object()
        .into_iter()
        .flat_map(|ports| ports.keys())
        .collect();
    assert_eq!(ports, expected.ports.iter().collect::<Vec<_>>());
    let check = config["Healthcheck"]["Test"].to_string();
    match &expected.healthcheck {
        Some(url) => assert!(check.contains(url.as_str()), "{check} does not call {url}"),
        None => assert_eq!(check, "null"),
    }
    let env: Vec<&str> = config["Env"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (name, value) in &expected.env {
        let of_name: Vec<&&str> = env
            .iter()
            .filter(|pair| pair.starts_with(&format!("{name}=")))
            .collect();
        assert_eq!(of_name, [&format!("{name}={value}")]);
    }
    for (name, value) in &expected.labels {
        assert_eq!(config["Labels"][name], *value, "label {name}");
    }
}

fn check_file(tree: &Tree, expected: &File) {
    let path = &expected.path;
    if expected.absent {
        assert!(!tree.0.contains_key(path), "{path} is in the image");
        return;
    }
    let entry = tree.at(path);
    assert_eq!((entry.uid, entry.gid), (0, 0), "owner of {path}");
    if let Some(mode) = &expected.mode {
        assert_eq!(format!("{:04o}", entry.mode), *mode, "mode of {path}");
    }
    if let Some(starts) = &expected.starts {
        let head = String::from_utf8_lossy(&entry.head);
        assert!(head.starts_with(starts), "{path} starts with {head}");
    }
}

fn check_command(image: &Image, project: &Project, expected: &Command) -> Output {
    if expected.writable {
        let config = image.config();
        let owner = config["User"].as_str().unwrap_or_default();
        for folder in expected.mount.keys() {
            give(&project.file(folder), owner);
        }
    }
    let mut options = Vec::new();
    for (folder, path) in &expected.mount {
        let access = if expected.writable { "rw" } else { "ro" };
        options.extend([
            "--volume".to_owned(),
            format!("{}:{path}:{access}", project.file(folder).display()),
        ]);
    }
    for (name, value) in &expected.env {
        options.extend(["--env".to_owned(), format!("{name}={value}")]);
    }
    let run = Run {
        entrypoint: expected.entrypoint.as_deref(),
        args: &expected.args,
        options: &options,
    };
    let output = image.run(&run);
    let told = format!("{expected:?}\n{}{}", output.stdout, output.stderr);
    assert_eq!(output.code(), Some(expected.exit), "{told}");
    if let Some(stdout) = &expected.stdout {
        assert_eq!(output.stdout, *stdout, "{told}");
    }
    if let Some(part) = &expected.contains {
        assert!(output.stdout.contains(part.as_str()), "{told}");
    }
    output
}

fn check_hints(expected: &Command, output: &Output) {
    if let Some(hints) = &expected.hints {
        let heads = output
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("preflight["));
        let checks: Vec<&str> = heads.filter_map(|head| head.split(']').next()).collect();
        assert_eq!(checks, *hints, "{expected:?}\n{}", output.stderr);
    }
}

/// Gives a folder and its files to `UID:GID`.
fn give(folder: &Path, owner: &str) {
    let (uid, gid) = owner.split_once(':').expect("a numeric user");
    let (uid, gid) = (uid.parse().ok(), gid.parse().ok());
    std::os::unix::fs::chown(folder, uid, gid).expect("the right to give files away");
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry of a folder").path();
        std::os::unix::fs::chown(path, uid, gid).expect("the right to give files away");
    }
}
