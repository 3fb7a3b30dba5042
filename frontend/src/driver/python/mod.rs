//! The Python half of the facts: the project's files, and the lock that uv makes of them inside the engine.
//!
//! In come what the spec asks for and the context; the facts about version, project and packages are completed. What
//! the project and the spec say against each other ends the build here, before any step runs.

mod disagreement;
mod files;
mod lock;
mod project;
mod requirements;

use disagreement::disagreements;
use files::ProjectFiles;

use super::{Build, Failure};
use crate::check::{Checked, Interpreter, Python, PythonSource};
use crate::diagnostic::{Diagnostic, code};
use crate::lower::Ground;
use crate::plan::{self, Facts, Found, LockFacts};
use crate::python::{Lock, Pins, PythonVersion};

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
    let files = ProjectFiles::read(build, python).await?;
    let base = checked.base.image.as_ref();
    let image = base.map(|base| facts.image(base)).unwrap_or_default();
    let config = &image.config.config;
    facts.python_version = plan::python_version(python, config, files.pin.as_deref());
    let mut found = Vec::new();
    match &facts.python_version {
        None => found.push(no_version(python, &files)),
        Some(version) => {
            let base = base.map_or("", |base| base.value.as_str());
            found.extend(no_build(
                python,
                &plan::interpreter(python, config, version),
                base,
            ));
        }
    }
    let mut list = requirements::List::default();
    match &python.source {
        PythonSource::Project { .. } => {
            facts.project = project::read(build, python, &files, &mut found).await?;
        }
        PythonSource::Requirements(file) => {
            list = requirements::read(build, file, &mut found).await?;
        }
        PythonSource::None => {}
    }
    found.extend(disagreements(python, facts));
    found.retain(|finding| !checked.skipped.contains(&finding.code));
    stop_at(build, &found)?;
    let lock = lock::lock(build, checked, ground, facts, &list.files).await?;
    facts.lock = match lock {
        Some(lock) => {
            let lock = settle(build, python, facts, &list.pins, lock).await?;
            let files = list.files;
            Some(LockFacts { lock, files })
        }
        None => None,
    };
    Ok(())
}

/// What was resolved, held against what was asked for.
async fn settle(
    build: &Build,
    python: &Python,
    facts: &Facts,
    pins: &Pins,
    lock: Lock,
) -> Result<Lock, Failure> {
    let lock = match &python.source {
        PythonSource::Requirements(file) => requirements::held(build, facts, file, pins, lock).await?,
        _ => lock,
    };
    stop_at(build, &disagreement::unreachable(python, &lock))?;
    Ok(lock)
}

/// Ends the build when something was found.
fn stop_at(build: &Build, found: &[Diagnostic]) -> Result<(), Failure> {
    match found {
        [] => Ok(()),
        found => Err(Failure::diagnostics(&build.spec, found)),
    }
}

fn no_version(python: &Python, files: &ProjectFiles) -> Diagnostic {
    let (span, what) = match (&python.version, &files.pin) {
        (Some(version), _) => (version.span, format!("Python `{}`", version.value)),
        (None, Some(pin)) => (python.span, format!("the `{}` of `.python-version`", pin.trim())),
        (None, None) => {
            return Diagnostic::error(
                code::PYTHON_VERSION,
                python.span,
                "it is not said which Python the image gets",
            )
            .hint("add `version: \"3.12\"` to `python:`")
            .hint("an official `python:` base or a `.python-version` file says it too");
        }
    };
    Diagnostic::error(
        code::PYTHON_VERSION,
        span,
        format!("images cannot be built with {what}"),
    )
    .hint("write the version of a CPython that is not free-threaded: `version: \"3.12\"`")
}

/// uv's builds are for glibc.
fn no_build(python: &Python, found: &Found, base: &str) -> Option<Diagnostic> {
    let Found::Uv(version) = found else { return None };
    if !plan::is_musl(base) || matches!(python.interpreter, Interpreter::Base(_)) {
        return None;
    }
    let message = format!(
        "uv's Python {} does not run on `{base}`, which has musl",
        PythonVersion::full(version)
    );
    Some(
        Diagnostic::error(code::PYTHON_VERSION, python.span, message)
            .hint("use a base with glibc such as `debian:bookworm-slim`, or with its own Python such as `python:3.12-alpine`"),
    )
}
