//! What the template of a first spec is filled with.

use std::collections::BTreeSet;

use serde::Serialize;

use super::container::{Container, container};
use super::folder::{Folder, parent};
use super::models::models;
use super::native::programs;
use super::python::{Python, Source, python};
use super::rust::{Rust, rust};
use super::{entry, words};

/// All values are YAML already.
#[derive(Debug, Serialize)]
pub(super) struct First {
    tag: String,
    name: String,
    description: Option<String>,
    base: String,
    cuda: Option<Cuda>,
    apt: Option<String>,
    python: Option<Packages>,
    rust: Option<String>,
    cmake: Option<String>,
    copies: Vec<String>,
    models: Vec<Model>,
    port: Option<Port>,
    preflight: bool,
    entrypoint: Option<Entrypoint>,
}

#[derive(Debug, Serialize)]
struct Cuda {
    why: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct Packages {
    comments: Vec<String>,
    value: String,
}

#[derive(Debug, Serialize)]
struct Model {
    key: String,
    id: String,
    found: String,
}

#[derive(Debug, Serialize)]
struct Port {
    number: u16,
    found: String,
    healthcheck: String,
}

#[derive(Debug, Serialize)]
struct Entrypoint {
    words: String,
    found: String,
}

/// What a folder says.
pub(super) fn first(folder: &Folder) -> First {
    let container = container(folder);
    let (python, rust) = (python(folder, container.python.as_deref()), rust(folder));
    let programs = programs(folder);
    let project = python.as_ref().and_then(|python| python.name.clone());
    let project = project.or_else(|| rust.as_ref().and_then(|rust| rust.packages.first().cloned()));
    let name = project
        .as_deref()
        .and_then(words::name)
        .or_else(|| words::name(&folder.name));
    let name = name.unwrap_or_else(|| "app".into());
    let description = [
        python.as_ref().and_then(|python| python.description.clone()),
        rust.as_ref().and_then(|rust| rust.description.clone()),
    ];
    let cuda = cuda(python.as_ref(), &container);
    let copies = copies(folder, python.as_ref());
    First {
        tag: name.clone(),
        name: words::word(&name),
        description: description
            .into_iter()
            .flatten()
            .next()
            .map(|text| words::sentence(&text)),
        base: base(python.as_ref(), rust.is_some() || programs.is_some()),
        apt: apt(rust.as_ref(), &container),
        rust: rust.as_ref().map(programs_of_rust),
        cmake: programs.as_deref().map(project_of_cmake),
        models: models(folder)
            .into_iter()
            .map(|model| Model {
                key: model.key,
                id: words::word(&model.id),
                found: model.found,
            })
            .collect(),
        port: port(folder, &container),
        preflight: cuda.is_some(),
        entrypoint: entrypoint(
            folder,
            &container,
            python.as_ref(),
            rust.as_ref(),
            programs.as_deref(),
        ),
        python: python.as_ref().map(packages),
        copies,
        cuda,
    }
}

/// CUDA where the packages or the Dockerfile have it. Wheels bring its libraries along; programs do not.
fn cuda(python: Option<&Python>, container: &Container) -> Option<Cuda> {
    if python.is_some_and(|python| python.gpu) {
        return Some(Cuda {
            why: "The CUDA that the Python packages are made for; their wheels bring its libraries along."
                .into(),
            value: "{ version: auto, image: none }".into(),
        });
    }
    let version = container.cuda.as_ref()?;
    Some(Cuda {
        why: "The CUDA of the Dockerfile.".into(),
        value: words::word(version),
    })
}

/// Programs are compiled on Debian itself; Python alone has images of its own.
fn base(python: Option<&Python>, compiles: bool) -> String {
    match python {
        Some(python) if !compiles => format!("python:{}-slim", python.version),
        _ => "debian:bookworm-slim".into(),
    }
}

fn apt(rust: Option<&Rust>, container: &Container) -> Option<String> {
    let rust = rust
        .into_iter()
        .flat_map(|rust| rust.run.iter().map(|name| (*name).to_owned()));
    let all: BTreeSet<String> = rust.chain(container.apt.iter().cloned()).collect();
    (!all.is_empty()).then(|| words::list(&Vec::from_iter(all)))
}

fn packages(python: &Python) -> Packages {
    let mut comments = Vec::new();
    let mut entries = vec![format!("version: {}", words::word(&python.version))];
    match &python.source {
        Source::Project(folder) => {
            comments.push(
                "pyproject.toml and uv.lock say which packages; the project itself is the last, thin layer."
                    .to_owned(),
            );
            comments.extend(
                python
                    .unlocked
                    .then(|| "There is no uv.lock yet: run `uv lock` before the build.".to_owned()),
            );
            comments.extend(
                (!python.extras.is_empty()).then(|| format!("Its extras: {}.", python.extras.join(", "))),
            );
            entries.extend((folder != ".").then(|| format!("project: {}", words::word(folder))));
        }
        Source::Requirements(path) => {
            comments.push(
                "The list is resolved in the build; versions that it leaves open may differ tomorrow."
                    .to_owned(),
            );
            entries.push(format!("requirements: {}", words::word(path)));
        }
    }
    entries.extend(
        python
            .extra
            .as_ref()
            .map(|extra| format!("extras: {}", words::list(&[extra]))),
    );
    Packages {
        comments,
        value: format!("{{ {} }}", entries.join(", ")),
    }
}

fn programs_of_rust(rust: &Rust) -> String {
    let of = |name: &String| {
        let mut entries = vec![format!("package: {}", words::word(name))];
        entries.extend((rust.path != ".").then(|| format!("path: {}", words::word(&rust.path))));
        entries.extend((!rust.compile.is_empty()).then(|| format!("apt: {}", words::list(&rust.compile))));
        format!("{{ {} }}", entries.join(", "))
    };
    match rust.packages.as_slice() {
        [one] => format!(" {}", of(one)),
        several => several.iter().map(|name| format!("\n  - {}", of(name))).collect(),
    }
}

fn project_of_cmake(programs: &[String]) -> String {
    match programs {
        [] => "{ source: ., install: true }".into(),
        programs => format!("{{ source: ., targets: {} }}", words::list(programs)),
    }
}

/// Sources that no package installs: those beside a list of requirements.
fn copies(folder: &Folder, python: Option<&Python>) -> Vec<String> {
    let Some(Source::Requirements(list)) = python.map(|python| &python.source) else {
        return Vec::new();
    };
    let packages = folder.sources(&["/__init__.py"]).map(|(path, _)| parent(path));
    let packages = packages.filter(|path| !path.contains('/') || *path == parent(list));
    let scripts = folder
        .sources(&[".py"])
        .map(|(path, _)| path)
        .filter(|path| !path.contains('/') && *path != "setup.py");
    let paths: BTreeSet<&str> = packages.chain(scripts).collect();
    paths
        .into_iter()
        .map(|path| format!("{}: {}", words::word(path), words::word(&format!("/app/{path}"))))
        .collect()
}

fn port(folder: &Folder, container: &Container) -> Option<Port> {
    let exposed = container.port.map(|number| (number, "the Dockerfile".to_owned()));
    let (number, found) = exposed.or_else(|| entry::port(folder))?;
    let healthcheck = match entry::health(folder) {
        Some(path) => format!("http://localhost:{number}{path}"),
        None => format!("tcp:{number}"),
    };
    Some(Port {
        number,
        found,
        healthcheck,
    })
}

/// What is run: as the Dockerfile says, else the project's script, program or module.
fn entrypoint(
    folder: &Folder,
    container: &Container,
    python: Option<&Python>,
    rust: Option<&Rust>,
    programs: Option<&[String]>,
) -> Option<Entrypoint> {
    let said = |words: &[&str], found: &str| {
        Some(Entrypoint {
            words: words::list(words),
            found: found.to_owned(),
        })
    };
    if !container.entrypoint.is_empty() {
        let words: Vec<&str> = container.entrypoint.iter().map(String::as_str).collect();
        return said(&words, "the Dockerfile");
    }
    if let Some(name) = rust.and_then(|rust| rust.packages.first()) {
        return said(&[name], "the program of the package");
    }
    if let Some(script) = python.and_then(|python| python.script.as_deref()) {
        return said(&[script], "`project.scripts`");
    }
    if let Some(name) = programs.and_then(<[String]>::first) {
        return said(&[name], "`add_executable`");
    }
    python?;
    let installed = python.is_some_and(|python| matches!(python.source, Source::Project(_)));
    match (entry::module(folder).filter(|_| installed), entry::script(folder)) {
        (Some((module, path)), _) => said(&["python", "-m", &module], &path),
        (None, Some(script)) => said(&["python", &format!("/app/{script}")], script),
        (None, None) => None,
    }
}
