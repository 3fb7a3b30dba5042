//! Which files of a source are taken, and what is wrong with the patterns that say so.

use modelcrate_checker::format::Malformed;
use modelcrate_fetcher::hub::Entry;
use modelcrate_fetcher::pickle::is_pickle;

use crate::check::{ListedModel, Model, ModelSource, pickle};
use crate::diagnostic::{Diagnostic, closest, code, listed};
use crate::source::{Span, Spanned};

/// Files that are named where a pattern takes none.
const NAMED: usize = 8;

/// The entries that the patterns take; everything that is wrong with them otherwise.
pub(super) fn taken(
    model: &Model,
    source: &ListedModel,
    tree: Vec<Entry>,
) -> Result<Vec<Entry>, Vec<Diagnostic>> {
    let selection = source.selection();
    let all: Vec<String> = tree.iter().map(|entry| entry.path.clone()).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let taken: Vec<Entry> = tree
        .into_iter()
        .filter(|entry| selection.takes(&entry.path))
        .collect();
    let names: Vec<&str> = taken.iter().map(|entry| entry.path.as_str()).collect();
    let found = wrong(model, source, &all, &names);
    match found.is_empty() {
        true => Ok(taken),
        false => Err(found),
    }
}

/// What is wrong with the patterns of a model, and with the files that they take of `all`.
pub(super) fn wrong(model: &Model, source: &ListedModel, all: &[&str], taken: &[&str]) -> Vec<Diagnostic> {
    let selection = source.selection();
    let idle = selection.idle(all);
    let mut found: Vec<Diagnostic> = source
        .include
        .iter()
        .filter(|pattern| idle.contains(&pattern.value.as_str()))
        .map(|pattern| no_file(source, pattern, all))
        .collect();
    if taken.is_empty() && found.is_empty() {
        found.push(nothing(model, source));
    }
    let pickles = taken
        .iter()
        .filter(|path| is_pickle(path) && !source.allow_pickle);
    found.extend(pickles.map(|path| pickle(path, source.span)));
    found
}

fn no_file(source: &ListedModel, pattern: &Spanned<String>, paths: &[&str]) -> Diagnostic {
    let is_pattern = pattern.contains(['*', '?', '[']);
    let title = source.origin.title();
    let message = match is_pattern {
        true => format!("no file of `{title}` matches `{}`", pattern.value),
        false => format!("`{title}` has no file `{}`", pattern.value),
    };
    let finding = Diagnostic::error(code::HUB, pattern.span, message);
    match closest(&pattern.value, paths.iter().copied()) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("the files are {}", some(paths))),
    }
}

/// The first few of many.
fn some(paths: &[&str]) -> String {
    match paths.len().checked_sub(NAMED) {
        Some(rest @ 1..) => format!("{} and {rest} more", listed(&paths[..NAMED])),
        _ => listed(paths),
    }
}

fn nothing(model: &Model, source: &ListedModel) -> Diagnostic {
    let message = format!(
        "the model `{}` takes no file of `{}`",
        model.name.value,
        source.origin.title()
    );
    let finding = Diagnostic::error(code::HUB, source.span, message);
    match source.exclude.first() {
        Some(pattern) => finding.related(pattern.span, "leaves out all that is there"),
        None => finding,
    }
    .hint("`files` and `exclude` say which files are taken")
}

/// The finding about weights that begin as none do.
pub(super) fn malformed(model: &Model, path: &str, why: Malformed, span: Span) -> Diagnostic {
    let name = &model.name.value;
    let message = format!("`{path}` of the model `{name}` is not what its name says: {why}");
    Diagnostic::error(code::DOWNLOAD, span, message).hint(match model.source {
        ModelSource::Files { .. } => {
            "open the address in a browser: the checksum is that of what it gives, so both change with the file that is meant"
        }
        _ => "look at the file where it comes from, or leave it out with `exclude`",
    })
}
