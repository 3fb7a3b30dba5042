//! The Python half of the facts: the project's files, and the lock that uv makes of them inside the engine.

use std::collections::BTreeMap;

use super::{Build, Failure, image};
use crate::check::{Checked, Python, PythonSource};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::lower::{Ground, lower};
use crate::plan::{self, Facts, LockFacts, ProjectFacts};
use crate::python::{Lock, Project, UvLock, requirements};
use crate::source::Span;

/// The file that uv writes in the engine.
const PYLOCK: &str = "pylock.toml";

/// Most files that a `requirements.txt` may name, one another included.
const MOST_FILES: usize = 64;

/// Reads the project, settles the version, and has uv make a lock.
pub(super) async fn complete(
    build: &Build,
    checked: &Checked,
    ground: &Ground<'_>,
    facts: &mut Facts,
) -> Result<(), Failure> {
    let Some(python) = &checked.python else {
        return Ok(());
    };
    let folder = match &python.source {
        PythonSource::Project { folder, .. } => folder.value.as_str(),
        PythonSource::Requirements(_) | PythonSource::None => ".",
    };
    let files = ProjectFiles::read(build, folder).await?;
    let base = checked
        .base
        .image
        .as_ref()
        .map(|base| facts.image(base))
        .unwrap_or_default();
    facts.python_version = plan::python_version(python, &base.config.config, files.pin.as_deref());
    let mut found = Vec::new();
    if facts.python_version.is_none() {
        found.push(no_version(python));
    }
    let mut named = Vec::new();
    match &python.source {
        PythonSource::Project { .. } => {
            facts.project = project(build, python, facts, &files, &mut found).await?
        }
        PythonSource::Requirements(file) => {
            named = required_files(build, file, file.span, &mut found).await?
        }
        PythonSource::None => {}
    }
    if !found.is_empty() {
        return Err(Failure::diagnostics(&build.spec, &found));
    }
    facts.lock = lock(build, checked, ground, facts, &named).await?;
    Ok(())
}

/// The files that say what a project is.
struct ProjectFiles {
    folder: String,
    manifest: Option<String>,
    lock: Option<String>,
    pin: Option<String>,
}

impl ProjectFiles {
    async fn read(build: &Build, folder: &str) -> Result<Self, Failure> {
        let path = |name: &str| {
            if folder == "." {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            }
        };
        let (manifest, lock, pin) = (path("pyproject.toml"), path("uv.lock"), path(".python-version"));
        let mut files = build.read(&[&manifest, &lock, &pin]).await?;
        Ok(Self {
            folder: folder.to_owned(),
            manifest: files.remove(&manifest),
            lock: files.remove(&lock),
            pin: files.remove(&pin),
        })
    }
}

impl Build {
    /// Texts of files of the context; what is not there is missing.
    async fn read(&self, paths: &[&str]) -> Result<BTreeMap<String, String>, Failure> {
        let files = self
            .main
            .read(&self.gateway, paths, "[internal] load Python project")
            .await?;
        let text =
            |(path, bytes): (&str, Vec<u8>)| (path.to_owned(), String::from_utf8_lossy(&bytes).into_owned());
        Ok(files.into_iter().map(text).collect())
    }
}

/// Reads the manifest, and finds what in it does not go with the spec.
async fn project(
    build: &Build,
    python: &Python,
    facts: &Facts,
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
    let unreadable = |name: &str, error: &str| {
        let first = error.lines().next().unwrap_or_default().to_owned();
        Diagnostic::error(
            Code("python-project"),
            python.span,
            format!("`{name}` cannot be read: {first}"),
        )
    };
    let (root, uv_lock) = match (Project::parse(manifest), UvLock::parse(lock)) {
        (Ok(root), Ok(lock)) => (root, lock),
        (Err(error), _) => return Ok(refuse(found, unreadable("pyproject.toml", &error))),
        (_, Err(error)) => return Ok(refuse(found, unreadable("uv.lock", &error))),
    };
    let mut project = ProjectFacts {
        package: root.clone(),
        package_folder: ".".into(),
        root,
    };
    if let Some(package) = package {
        let Some(member) = uv_lock.members.get(&package.value) else {
            found.push(unknown_member(package, &uv_lock));
            return Ok(None);
        };
        let path = [files.folder.as_str(), &member.folder, "pyproject.toml"]
            .join("/")
            .replace("./", "");
        let text = build.read(&[&path]).await?.remove(&path).unwrap_or_default();
        project.package_folder = member.folder.clone();
        match Project::parse(&text) {
            Ok(member) => project.package = member,
            Err(error) => return Ok(refuse(found, unreadable(&path, &error))),
        }
    }
    found.extend(disagreements(python, facts, &project, &uv_lock));
    Ok(Some(project))
}

fn refuse<T>(found: &mut Vec<Diagnostic>, diagnostic: Diagnostic) -> Option<T> {
    found.push(diagnostic);
    None
}

/// What the spec asks for and the project does not have.
fn disagreements(python: &Python, facts: &Facts, project: &ProjectFacts, lock: &UvLock) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let package = &project.package;
    for (kind, asked, known) in [
        ("extra", &python.extras, &package.extras),
        ("group", &python.groups, &package.groups),
    ] {
        for name in asked.iter().filter(|name| !known.contains(&name.value)) {
            let message = format!("the project has no {kind} `{}`", name.value);
            let finding = Diagnostic::error(Code("python-project"), name.span, message);
            found.push(match closest(&name.value, known.iter().map(String::as_str)) {
                Some(near) => finding.hint(format!("did you mean `{near}`?")),
                None => finding.hint(format!("`pyproject.toml` has: {}", list(known.iter()))),
            });
        }
    }
    if let (Some(version), Some(requires)) = (&facts.python_version, &package.requires_python)
        && !version.is_taken_by(requires)
    {
        let span = python
            .version
            .as_ref()
            .map_or(python.span, |version| version.span);
        let message = format!(
            "Python {} is not what the project requires (`{requires}`)",
            version.full()
        );
        found.push(Diagnostic::error(Code("python-version"), span, message));
    }
    let unknown = lock.unknown(&project.package_folder, &package.dependencies);
    if !unknown.is_empty() {
        let message = format!(
            "`uv.lock` is older than `pyproject.toml`: it does not know `{}`",
            unknown.join("`, `")
        );
        found.push(Diagnostic::error(Code("stale-lock"), python.span, message).hint("run `uv lock`"));
    }
    found
}

/// The files that a `requirements.txt` names, itself first.
async fn required_files(
    build: &Build,
    file: &str,
    span: Span,
    found: &mut Vec<Diagnostic>,
) -> Result<Vec<String>, Failure> {
    let mut files = vec![file.to_owned()];
    let mut open = Vec::new();
    let mut next = 0;
    while let Some(path) = files.get(next).cloned() {
        next += 1;
        let Some(text) = build.read(&[&path]).await?.remove(&path) else {
            let message = format!("there is no `{path}` in the context");
            found.push(
                Diagnostic::error(Code("missing-file"), span, message)
                    .hint("paths are relative to the context"),
            );
            continue;
        };
        let requirements = requirements(&path, &text);
        for (line, local) in &requirements.local {
            let message = format!("`{path}` line {line} names a local project: `{local}`");
            found.push(
                Diagnostic::error(Code("local-requirement"), span, message)
                    .hint("give a uv project with `project:`, or copy the code with `copy:`"),
            );
        }
        open.extend(
            requirements
                .open
                .iter()
                .map(|(line, text)| format!("{path}:{line}: {text}")),
        );
        files.extend(
            requirements
                .files
                .into_iter()
                .filter(|file| !files.contains(file))
                .collect::<Vec<_>>(),
        );
        files.truncate(MOST_FILES);
    }
    if let Some(first) = open.first() {
        let message = format!(
            "{} requirements are not pinned with `==`, so the image changes with the index",
            open.len()
        );
        let warning = Diagnostic::warning(Code("open-requirements"), span, message);
        build
            .warn(&warning.hint(format!(
                "pin them, or use a uv project with a lock; the first is {first}"
            )))
            .await?;
    }
    Ok(files)
}

/// Has uv make the lock inside the engine, and reads it.
async fn lock(
    build: &Build,
    checked: &Checked,
    ground: &Ground<'_>,
    facts: &Facts,
    files: &[String],
) -> Result<Option<LockFacts>, Failure> {
    let Some(plan) = plan::lock_steps(checked, facts, files) else {
        return Ok(None);
    };
    let output = lower(&plan.steps, ground).files(plan.result);
    let solved = image::solve(build, output.as_ref()).await?;
    let bytes = build.gateway.read_file(&solved, PYLOCK).await?;
    let lock = Lock::parse(&String::from_utf8_lossy(&bytes))
        .map_err(|error| Failure::bug(&format!("uv's lock cannot be read: {error}")))?;
    Ok(Some(LockFacts { lock }))
}

fn no_version(python: &Python) -> Diagnostic {
    Diagnostic::error(
        Code("python-version"),
        python.span,
        "it is not said which Python the image gets",
    )
    .hint("add `version: \"3.12\"` to `python:`")
    .hint("an official `python:` base or a `.python-version` file says it too")
}

fn missing_file(files: &ProjectFiles, folder: Span, python: Span) -> Diagnostic {
    let span = if folder == Span::default() { python } else { folder };
    let place = if files.folder == "." {
        "the context".to_owned()
    } else {
        format!("`{}` of the context", files.folder)
    };
    if files.manifest.is_none() {
        return Diagnostic::error(
            Code("missing-file"),
            span,
            format!("there is no `pyproject.toml` in {place}"),
        )
        .hint("`project:` names the folder of a uv project, relative to the context")
        .hint("for a plain list of packages, use `requirements: requirements.txt`")
        .hint("a `.dockerignore` may leave it out");
    }
    Diagnostic::error(
        Code("missing-file"),
        span,
        format!("there is no `uv.lock` in {place}"),
    )
    .hint("run `uv lock` and commit the file: it pins what the image gets")
}

fn unknown_member(package: &crate::source::Spanned<String>, lock: &UvLock) -> Diagnostic {
    let message = format!("the workspace has no package `{}`", package.value);
    let finding = Diagnostic::error(Code("python-project"), package.span, message);
    match closest(&package.value, lock.members.keys().map(String::as_str)) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("`uv.lock` has: {}", list(lock.members.keys()))),
    }
}

fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        "none".into()
    } else {
        names.join(", ")
    }
}
