//! A uv project: its manifest, and that of the workspace's member that is installed.

use super::super::{Build, Failure};
use super::ProjectFiles;
use crate::check::{Python, PythonSource};
use crate::diagnostic::{Diagnostic, closest, code};
use crate::plan::ProjectFacts;
use crate::python::{Project, UvLock, joined, normalised};
use crate::source::{Span, Spanned};

/// Reads the manifests, and finds what is missing or old.
pub(super) async fn read(
    build: &Build,
    python: &Python,
    files: &ProjectFiles,
    found: &mut Vec<Diagnostic>,
) -> Result<Option<ProjectFacts>, Failure> {
    let PythonSource::Project { folder, package } = &python.source else {
        return Ok(None);
    };
    let (Some(manifest), Some(lock)) = (&files.manifest, &files.lock) else {
        found.push(missing_file(files, folder.span, python.span));
        return Ok(None);
    };
    let (root, lock) = match (Project::parse(manifest), UvLock::parse(lock)) {
        (Ok(root), Ok(lock)) => (root, lock),
        (Err(error), _) => return Ok(refuse(found, unreadable("pyproject.toml", &error, python.span))),
        (_, Err(error)) => return Ok(refuse(found, unreadable("uv.lock", &error, python.span))),
    };
    let project = match package {
        None => ProjectFacts {
            package: root.clone(),
            package_folder: ".".into(),
            root,
        },
        Some(package) => match member(build, files, root, &lock, package).await? {
            Ok(project) => project,
            Err(finding) => return Ok(refuse(found, finding)),
        },
    };
    found.extend(stale(&project, &lock, python.span));
    Ok(Some(project))
}

/// The project with a member of its workspace as the package.
async fn member(
    build: &Build,
    files: &ProjectFiles,
    root: Project,
    lock: &UvLock,
    package: &Spanned<String>,
) -> Result<Result<ProjectFacts, Diagnostic>, Failure> {
    let Some(member) = lock.members.get(&normalised(package)) else {
        return Ok(Err(unknown_member(package, lock)));
    };
    let path = joined(&joined(&files.folder, &member.folder), "pyproject.toml");
    let Some(text) = build.read(&[&path]).await?.remove(&path) else {
        let message = format!(
            "there is no `{path}` in the context, and `uv.lock` says that `{}` is there",
            package.value
        );
        return Ok(Err(Diagnostic::error(code::MISSING_FILE, package.span, message)
            .hint(
                "a `.dockerignore` may leave it out, or `uv.lock` is old: run `uv lock`",
            )));
    };
    Ok(Project::parse(&text)
        .map(|package| ProjectFacts {
            package,
            package_folder: member.folder.clone(),
            root,
        })
        .map_err(|error| unreadable(&path, &error, package.span)))
}

fn refuse<T>(found: &mut Vec<Diagnostic>, diagnostic: Diagnostic) -> Option<T> {
    found.push(diagnostic);
    None
}

fn unreadable(name: &str, error: &str, span: Span) -> Diagnostic {
    let first = error.lines().next().unwrap_or_default();
    Diagnostic::error(
        code::PYTHON_PROJECT,
        span,
        format!("`{name}` cannot be read: {first}"),
    )
}

fn stale(project: &ProjectFacts, lock: &UvLock, span: Span) -> Option<Diagnostic> {
    let changes = lock.changes(&project.package_folder, &project.package);
    if changes.is_empty() {
        return None;
    }
    let names: Vec<String> = changes.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "`uv.lock` is older than `pyproject.toml`, which now asks otherwise for {}",
        names.join(", ")
    );
    Some(Diagnostic::error(code::STALE_LOCK, span, message).hint("run `uv lock`"))
}

fn missing_file(files: &ProjectFiles, folder: Span, python: Span) -> Diagnostic {
    let span = if folder == Span::default() { python } else { folder };
    let place = files.place();
    if files.manifest.is_none() {
        let message = format!("there is no `pyproject.toml` in {place}");
        return Diagnostic::error(code::MISSING_FILE, span, message)
            .hint("`project:` names the folder of a uv project, relative to the context")
            .hint("for a plain list of packages, use `requirements: requirements.txt`; for Python alone, `project: none`")
            .hint("a `.dockerignore` may leave it out");
    }
    Diagnostic::error(
        code::MISSING_FILE,
        span,
        format!("there is no `uv.lock` in {place}"),
    )
    .hint("run `uv lock` and commit the file: it pins what the image gets")
    .hint("for a member of a workspace, `project:` is the workspace's folder and `package:` names the member")
}

fn unknown_member(package: &Spanned<String>, lock: &UvLock) -> Diagnostic {
    let message = format!("the workspace has no package `{}`", package.value);
    let finding = Diagnostic::error(code::PYTHON_PROJECT, package.span, message);
    match closest(&package.value, lock.members.keys().map(String::as_str)) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!(
            "`uv.lock` has: {}",
            super::disagreement::list(lock.members.keys())
        )),
    }
}
