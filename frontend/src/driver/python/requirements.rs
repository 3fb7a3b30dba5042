//! A list of packages in `requirements.txt` files.

use super::super::{Build, Failure};
use crate::diagnostic::{Diagnostic, code};
use crate::plan::Facts;
use crate::python::{Environment, Lock, Pins, Refusal, Refused, Unproven, requirements};
use crate::source::{Span, Spanned};

/// Most files that may name one another.
const MOST_FILES: usize = 64;

/// What the files say.
#[derive(Debug, Default)]
pub(super) struct List {
    /// The first file and all that are included, relative to the context.
    pub files: Vec<String>,
    /// Pins and hashes of all of them.
    pub pins: Pins,
}

/// Reads `file` and all that it includes.
pub(super) async fn read(
    build: &Build,
    file: &Spanned<String>,
    found: &mut Vec<Diagnostic>,
) -> Result<List, Failure> {
    let mut list = List {
        files: vec![file.value.clone()],
        pins: Pins::default(),
    };
    let mut next = 0;
    while let Some(path) = list.files.get(next).cloned() {
        next += 1;
        let Some(text) = build.read(&[&path]).await?.remove(&path) else {
            found.push(missing(&path, file));
            continue;
        };
        let requirements = requirements(&path, &text);
        found.extend(
            requirements
                .refused
                .iter()
                .map(|line| refused(&path, line, file.span)),
        );
        list.pins.add(&requirements);
        for file in requirements.files {
            if !list.files.contains(&file) {
                list.files.push(file);
            }
        }
        list.files.truncate(MOST_FILES);
    }
    Ok(list)
}

/// The lock with the files that the hashes allow; a warning when the index may change the image.
pub(super) async fn held(
    build: &Build,
    facts: &Facts,
    file: &Spanned<String>,
    pins: &Pins,
    lock: Lock,
) -> Result<Lock, Failure> {
    let version = facts.python_version.clone().unwrap_or_default();
    let Some(environment) = Environment::linux(version, &facts.target.1) else {
        return Ok(lock);
    };
    if let Some(warning) = open(&pins.open(&lock, &environment), lock.packages.len(), file) {
        build.warn(&warning).await?;
    }
    pins.hold(lock, &environment).map_err(|unproven| {
        let found: Vec<Diagnostic> = unproven
            .iter()
            .map(|package| self::unproven(package, file))
            .collect();
        Failure::diagnostics(&build.spec, &found)
    })
}

fn missing(path: &str, file: &Spanned<String>) -> Diagnostic {
    let message = if path == file.value {
        format!("there is no `{path}` in the context")
    } else {
        format!(
            "there is no `{path}` in the context, which `{}` includes",
            file.value
        )
    };
    Diagnostic::error(code::MISSING_FILE, file.span, message)
        .hint("paths are relative to the context, and a `.dockerignore` may leave files out")
}

fn refused(path: &str, refused: &Refused, span: Span) -> Diagnostic {
    let Refused { line, text, why } = refused;
    let (what, hint) = match why {
        Refusal::Local => (
            format!("names files of this machine: `{text}`"),
            "make it a uv project with `project:`, or copy the code with `copy:`",
        ),
        Refusal::Outside => (
            format!("includes a file outside of the build context: `{text}`"),
            "put the file into the context",
        ),
        Refusal::Credentials => (
            "has a user name or password in an address".to_owned(),
            "write the address without them, and give them as secrets: \
             `python: { indexes: { NAME: { url: …, username: ID, password: ID } } }`",
        ),
        Refusal::Variable => (
            format!("needs a variable of this machine: `{text}`"),
            "write the value; for a private index, use `python: { indexes: { NAME: { url: …, password: ID } } }`",
        ),
    };
    Diagnostic::error(
        code::REFUSED_REQUIREMENT,
        span,
        format!("`{path}` line {line} {what}"),
    )
    .hint(hint)
}

fn open(open: &[&str], all: usize, file: &Spanned<String>) -> Option<Diagnostic> {
    let first = open.first()?;
    let message = format!(
        "{} of {all} packages are not pinned with `==`, so the image changes with the index; the first is `{first}`",
        open.len()
    );
    let hint = "pin all of them (`uv pip compile` writes such a file), or use a uv project with a lock";
    Some(Diagnostic::warning(code::OPEN_REQUIREMENTS, file.span, message).hint(hint))
}

fn unproven(package: &Unproven, file: &Spanned<String>) -> Diagnostic {
    let message = match package {
        Unproven::NoHash(name) => {
            format!(
                "`{name}` is installed and has no `--hash` in `{}`, where others have",
                file.value
            )
        }
        Unproven::OtherHash(name) => {
            format!("no file of `{name}` has a hash that `{}` allows", file.value)
        }
    };
    let finding = Diagnostic::error(code::REQUIREMENT_HASH, file.span, message);
    match package {
        Unproven::NoHash(_) => {
            finding.hint("give all packages hashes: `uv pip compile --generate-hashes` does")
        }
        Unproven::OtherHash(_) => finding.hint(
            "the index has other files than those that were trusted; if you trust them, write new hashes",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_line_says_what_to_do_and_shows_no_secret() {
        let text = requirements("r.txt", "-e .\n-i https://me:s3cret@a.test/simple\n");
        let found: Vec<String> = text
            .refused
            .iter()
            .map(|line| {
                let found = refused("r.txt", line, Span::default());
                format!("{} ({})", found.message, found.hints.join("; "))
            })
            .collect();
        assert_eq!(
            found[0],
            "`r.txt` line 1 names files of this machine: `-e .` (make it a uv project with `project:`, or copy the code with `copy:`)"
        );
        assert!(found[1].starts_with("`r.txt` line 2 has a user name or password in an address"));
        assert!(!found[1].contains("s3cret"));
    }

    #[test]
    fn pinned_packages_are_not_warned_of() {
        let file = Spanned::new("r.txt".to_owned(), Span::default());
        assert_eq!(open(&[], 3, &file), None);
        assert!(
            open(&["idna"], 3, &file)
                .unwrap()
                .message
                .starts_with("1 of 3 packages are")
        );
    }
}
