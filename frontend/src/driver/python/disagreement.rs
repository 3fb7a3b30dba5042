//! What the spec asks for and the Python project does not have.

use crate::check::{Python, PythonSource};
use crate::diagnostic::{Diagnostic, closest, code};
use crate::plan::{Facts, ProjectFacts};
use crate::python::{Lock, Origin, PythonVersion, is_outside, joined, normalised};
use crate::source::Spanned;

/// Every extra, group, version and index that does not go with the project.
pub(super) fn disagreements(python: &Python, facts: &Facts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(project) = &facts.project {
        let package = &project.package;
        let missing = |name: &&Spanned<String>, known: &std::collections::BTreeSet<String>| {
            !known.contains(&normalised(name))
        };
        for name in python.extras.iter().filter(|name| missing(name, &package.extras)) {
            found.push(unknown("extra", name, package.extras.iter()));
        }
        for name in python.groups.iter().filter(|name| missing(name, &package.groups)) {
            found.push(unknown("group", name, package.groups.iter()));
        }
        found.extend(other_version(python, facts.python_version.as_ref(), project));
    }
    found.extend(unknown_indexes(python, facts.project.as_ref()));
    found
}

fn unknown<'a>(
    kind: &str,
    name: &Spanned<String>,
    known: impl Iterator<Item = &'a String> + Clone,
) -> Diagnostic {
    let message = format!("the project has no {kind} `{}`", name.value);
    let finding = Diagnostic::error(code::PYTHON_PROJECT, name.span, message);
    match closest(&name.value, known.clone().map(String::as_str)) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("`pyproject.toml` has: {}", list(known))),
    }
}

fn other_version(
    python: &Python,
    version: Option<&PythonVersion>,
    project: &ProjectFacts,
) -> Option<Diagnostic> {
    let (version, requires) = (version?, project.package.requires_python.as_ref()?);
    if version.is_taken_by(requires) {
        return None;
    }
    let span = python
        .version
        .as_ref()
        .map_or(python.span, |version| version.span);
    let message = format!(
        "the image gets Python {}, and the project requires `{requires}`",
        version.full()
    );
    let finding = Diagnostic::error(code::PYTHON_VERSION, span, message);
    Some(match &python.version {
        Some(_) => finding.hint("write a version that the project takes"),
        None => finding
            .hint("the version is that of the base or of `.python-version`: say another one with `version:`"),
    })
}

/// An index without an address is one that the project names.
fn unknown_indexes(python: &Python, project: Option<&ProjectFacts>) -> Vec<Diagnostic> {
    let known: Vec<&str> = project
        .into_iter()
        .flat_map(|project| &project.root.indexes)
        .filter_map(|index| index.name.as_deref())
        .collect();
    let without_address = python.indexes.iter().filter(|(_, index)| index.url.is_none());
    let unknown = without_address.filter(|(name, _)| !known.contains(&name.as_str()));
    unknown
        .map(|(name, index)| {
            let message = format!("no address is known of the index `{name}`");
            let finding = Diagnostic::error(code::PYTHON_PROJECT, index.span, message);
            match closest(name, known.iter().copied()) {
                Some(near) => finding.hint(format!("did you mean `{near}`, which `pyproject.toml` names?")),
                None => finding.hint(format!(
                    "give its `url`, or name it in `pyproject.toml`: `[[tool.uv.index]]` with `name = \"{name}\"`"
                )),
            }
        })
        .collect()
}

/// Packages of the lock that lie where no step can get them.
pub(super) fn unreachable(python: &Python, lock: &Lock) -> Vec<Diagnostic> {
    let folder = match &python.source {
        PythonSource::Project { folder, .. } => folder.value.as_str(),
        PythonSource::Requirements(_) | PythonSource::None => "",
    };
    let reason = |origin: &Origin| match origin {
        Origin::Folder(path) | Origin::File(path) if is_outside(&joined(folder, path)) => Some((
            format!("at `{path}`, outside of the build context"),
            "build with a context that holds it, and name the project's folder with `project:`",
        )),
        Origin::Git { url, .. } if !url.starts_with("http://") && !url.starts_with("https://") => Some((
            format!("in `{url}`, and git is only read over `https://`"),
            "give the dependency an `https://` address; for a private repository, pass a token with `--secret id=GIT_AUTH_TOKEN`",
        )),
        _ => None,
    };
    let packages = lock.packages.iter();
    packages
        .filter_map(|package| {
            let (place, hint) = reason(&package.origin)?;
            let message = format!("the package `{}` is {place}", package.name);
            Some(Diagnostic::error(code::UNREACHABLE_PACKAGE, python.span, message).hint(hint))
        })
        .collect()
}

/// `` `a`, `b` ``.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        "none".into()
    } else {
        names.join(", ")
    }
}
