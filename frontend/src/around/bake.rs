//! `docker-bake.hcl`: every target, for one platform or several.

use serde::Serialize;

use super::secret::{Secret, of_build};
use super::template::fill;
use super::{RenderError, Subject, Target};
use crate::check::Checked;

const TEMPLATE: &str = include_str!("../../../templates/around/bake.hcl.hbs");

#[derive(Debug, Serialize)]
struct View {
    file: String,
    name: String,
    /// The target of the spec itself.
    base: String,
    args: Vec<Arg>,
    targets: Vec<BakeTarget>,
    /// Their names as a list.
    all: String,
    secrets: String,
    ssh: String,
}

#[derive(Debug, Serialize)]
struct Arg {
    name: String,
    value: String,
    description: Option<String>,
}

#[derive(Debug, Serialize)]
struct BakeTarget {
    name: String,
    target: Option<String>,
    suffix: String,
    description: Option<String>,
}

/// Writes it.
///
/// # Errors
/// Only a template that cannot be filled, which is a bug.
pub fn bake(subject: &Subject) -> Result<String, RenderError> {
    let base = base(subject);
    let targets: Vec<BakeTarget> = subject
        .targets
        .iter()
        .map(|target| bake_target(target, &base))
        .collect();
    let mut secrets: Vec<Secret> = subject.targets.iter().flat_map(of_build).collect();
    secrets.sort();
    secrets.dedup();
    let secrets = secrets
        .iter()
        .map(|Secret { id, variable }| format!("id={id},env={variable}"));
    let mut ssh: Vec<String> = subject
        .targets
        .iter()
        .flat_map(|target| agents(&target.checked))
        .collect();
    ssh.sort();
    ssh.dedup();
    let view = View {
        file: literal(&subject.file),
        name: subject.name.clone(),
        all: list(targets.iter().map(|target| target.name.clone())),
        args: subject.args.iter().map(arg).collect(),
        secrets: list(secrets),
        ssh: list(ssh),
        targets,
        base,
    };
    fill(TEMPLATE, &view)
}

/// A name for the spec itself that no target has.
fn base(subject: &Subject) -> String {
    let mut name = identifier(subject.name.rsplit('/').next().unwrap_or("image"));
    let taken = ["default", "all", "release", "multi-platform"];
    while taken.contains(&name.as_str()) || subject.target(Some(&name)).is_some() {
        name += "-image";
    }
    name
}

fn bake_target(target: &Target, base: &str) -> BakeTarget {
    BakeTarget {
        name: target.name.as_deref().map_or_else(|| base.to_owned(), identifier),
        suffix: target
            .name
            .as_ref()
            .map(|name| format!("-{name}"))
            .unwrap_or_default(),
        target: target.name.clone(),
        description: target.description.as_deref().map(line),
    }
}

fn arg(arg: &crate::check::Arg) -> Arg {
    Arg {
        name: arg.name.value.clone(),
        value: match arg.value.as_deref() {
            None => "must be given".into(),
            Some("") => "empty in the spec".into(),
            Some(value) => format!("`{}` in the spec", line(value)),
        },
        description: arg.description.as_deref().map(line),
    }
}

/// Ids of the SSH agents that commands and compilers see.
fn agents(checked: &Checked) -> Vec<String> {
    let runs = checked.runs.iter().flat_map(|run| &run.ssh);
    let cmake = checked.cmake.iter().flat_map(|cmake| &cmake.ssh);
    let rust = checked.rust.iter().flat_map(|rust| &rust.ssh);
    runs.chain(cmake).chain(rust).map(|id| id.value.clone()).collect()
}

/// A name as bake takes it: no dots (buildx `bake/bake.go`, `validateTargetName`).
fn identifier(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-', "-")
}

/// Texts as the inside of a list; empty for none.
fn list(texts: impl IntoIterator<Item = String>) -> String {
    let quoted: Vec<String> = texts
        .into_iter()
        .map(|text| format!("\"{}\"", literal(&text)))
        .collect();
    quoted.join(", ")
}

/// A text inside quotes of HCL.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace("${", "$${")
        .replace("%{", "%%{")
}

/// A text on one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
