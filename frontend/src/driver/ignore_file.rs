//! Whether somebody says what of the context is not meant, where all of it is taken.

use super::{Build, Failure};
use crate::check::{Checked, CopyFrom};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;

/// Warns of a context that is taken whole from a folder without an ignore file.
pub(super) async fn warn(build: &Build, checked: &Checked) -> Result<(), Failure> {
    match whole(checked) {
        Some(span) if build.main.lacks_ignore_file() => build.warn(&warning(span)).await,
        _ => Ok(()),
    }
}

fn warning(span: Span) -> Diagnostic {
    let message = "all of the context is taken, and no ignore file says what is not meant";
    Diagnostic::warning(code::NO_IGNORE_FILE, span, message)
        .hint("write a `.dockerignore`: `.git`, `.venv`, `.env`, weights and whatever else the image does not need")
        .hint("or name the files and folders that it does need")
}

/// Where the whole context is taken.
fn whole(checked: &Checked) -> Option<Span> {
    let copies = checked
        .copies
        .iter()
        .filter(|copy| copy.from == CopyFrom::Context && copy.exclude.is_empty());
    let copied = copies
        .flat_map(|copy| &copy.sources)
        .find(|path| matches!(path.value.as_str(), "/" | "/*"));
    let inputs = checked.runs.iter().flat_map(|run| &run.inputs);
    let seen = inputs.into_iter().find(|path| path.value == ".");
    copied.or(seen).map(|path| path.span)
}
