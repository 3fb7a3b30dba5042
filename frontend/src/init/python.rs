//! The Python half of a first spec.

use toml::{Table, Value};

use super::folder::{Folder, parent};
use super::packages::wants_gpu;
use crate::python::requirement_name;

/// What the folder says of Python.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Python {
    /// `3.11`.
    pub version: String,
    /// The folder of `pyproject.toml`, or the path of a list.
    pub source: Source,
    /// Name and description of the project.
    pub name: Option<String>,
    pub description: Option<String>,
    /// The extra that is taken, and the others.
    pub extra: Option<String>,
    pub extras: Vec<String>,
    /// The script that stands for the project.
    pub script: Option<String>,
    /// Whether packages want a GPU.
    pub gpu: bool,
    /// Whether a project lacks its lock.
    pub unlocked: bool,
}

/// Where packages are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Project(String),
    Requirements(String),
}

impl Default for Source {
    fn default() -> Self {
        Self::Project(".".into())
    }
}

/// The version where nothing says one.
const VERSION: &str = "3.11";

/// Reads it: a project where there is one, else a list of requirements. `image` is the version of the Dockerfile's image.
pub(super) fn python(folder: &Folder, image: Option<&str>) -> Option<Python> {
    project(folder, image).or_else(|| requirements(folder, image))
}

fn project(folder: &Folder, image: Option<&str>) -> Option<Python> {
    let (path, text) = folder.nearest("pyproject.toml")?;
    let root: Table = text.parse().ok()?;
    let project = root.get("project")?.as_table()?;
    let text = |key: &str| project.get(key).and_then(Value::as_str).map(str::to_owned);
    let name = text("name");
    let extras = project.get("optional-dependencies").and_then(Value::as_table);
    let extra = extras.and_then(|extras| extras.keys().find(|name| is_for_gpus(name)).cloned());
    let needs = strings(project.get("dependencies")).chain(
        extras
            .into_iter()
            .flat_map(|extras| strings(extra.as_ref().and_then(|name| extras.get(name)))),
    );
    let at = parent(path);
    let lock = folder.text(&joined(at, "uv.lock"));
    let gpu = needs
        .map(|need| requirement_name(&need))
        .any(|name| wants_gpu(&name));
    Some(Python {
        version: version(folder, at, image, text("requires-python").as_deref()),
        source: Source::Project(at.to_owned()),
        description: text("description"),
        // A lock says it for certain: PyTorch for the CPU has none of NVIDIA's libraries.
        gpu: gpu && lock.is_none_or(|lock| lock.contains("\nname = \"nvidia-")),
        unlocked: lock.is_none(),
        script: script(project, name.as_deref()),
        extras: extras
            .into_iter()
            .flat_map(|extras| extras.keys().cloned())
            .collect(),
        extra,
        name,
    })
}

fn requirements(folder: &Folder, image: Option<&str>) -> Option<Python> {
    let (path, text) = folder.nearest("requirements.txt")?;
    let names = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '-']));
    Some(Python {
        version: version(folder, parent(path), image, None),
        source: Source::Requirements(path.to_owned()),
        gpu: names.map(requirement_name).any(|name| wants_gpu(&name))
            && !text.contains("+cpu")
            && !text.contains("/whl/cpu"),
        ..Python::default()
    })
}

/// The extra of those that is for machines with a GPU.
fn is_for_gpus(extra: &str) -> bool {
    let toolkit = extra
        .strip_prefix("cu")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    toolkit || ["gpu", "cuda"].contains(&extra)
}

/// The version that a file names, else that of the Dockerfile's image, else the oldest that the project takes.
fn version(folder: &Folder, at: &str, image: Option<&str>, takes: Option<&str>) -> String {
    let file = folder.text(&joined(at, ".python-version")).and_then(short);
    let oldest = takes.and_then(|takes| {
        takes
            .split(',')
            .find_map(|part| short(part.trim().strip_prefix(">=")?))
    });
    file.or_else(|| image.map(str::to_owned))
        .or(oldest)
        .unwrap_or_else(|| VERSION.into())
}

/// `3.11` of `3.11.4`.
pub(super) fn short(text: &str) -> Option<String> {
    let mut numbers = text.trim().split('.');
    let (major, minor) = (numbers.next()?, numbers.next()?);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(major) && digits(minor)).then(|| format!("{major}.{minor}"))
}

/// The script of the project's own name, else its first.
fn script(project: &Table, name: Option<&str>) -> Option<String> {
    let scripts = project.get("scripts")?.as_table()?;
    let own = name.filter(|name| scripts.contains_key(*name)).map(str::to_owned);
    own.or_else(|| scripts.keys().next().cloned())
}

fn strings(list: Option<&Value>) -> impl Iterator<Item = String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|text| text.as_str().map(str::to_owned))
}

fn joined(folder: &str, name: &str) -> String {
    match folder {
        "." => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}
