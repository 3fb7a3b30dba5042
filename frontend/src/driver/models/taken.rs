//! Which files of a source are taken, and what is wrong with the patterns that say so.

use modelcrate_fetcher::format::is_pickle;
use modelcrate_fetcher::hub::Entry;

use crate::check::{HubModel, Model, pickle};
use crate::diagnostic::{Diagnostic, closest, code, listed};
use crate::source::Spanned;

/// Files that are named where a pattern takes none.
const NAMED: usize = 8;

/// The entries that the patterns take; everything that is wrong with them otherwise.
pub(super) fn taken(model: &Model, hub: &HubModel, tree: Vec<Entry>) -> Result<Vec<Entry>, Vec<Diagnostic>> {
    let selection = hub.selection();
    let all: Vec<String> = tree.iter().map(|entry| entry.path.clone()).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let taken: Vec<Entry> = tree
        .into_iter()
        .filter(|entry| selection.takes(&entry.path))
        .collect();
    let names: Vec<&str> = taken.iter().map(|entry| entry.path.as_str()).collect();
    let found = wrong(model, hub, &all, &names);
    match found.is_empty() {
        true => Ok(taken),
        false => Err(found),
    }
}

/// What is wrong with the patterns of a model, and with the files that they take of `all`.
pub(super) fn wrong(model: &Model, hub: &HubModel, all: &[&str], taken: &[&str]) -> Vec<Diagnostic> {
    let selection = hub.selection();
    let idle = selection.idle(all);
    let mut found: Vec<Diagnostic> = hub
        .include
        .iter()
        .filter(|pattern| idle.contains(&pattern.value.as_str()))
        .map(|pattern| no_file(hub, pattern, all))
        .collect();
    if taken.is_empty() && found.is_empty() {
        found.push(nothing(model, hub));
    }
    let pickles = taken.iter().filter(|path| is_pickle(path) && !hub.allow_pickle);
    found.extend(pickles.map(|path| pickle(path, hub.span)));
    found
}

fn no_file(hub: &HubModel, pattern: &Spanned<String>, paths: &[&str]) -> Diagnostic {
    let HubModel {
        repository, revision, ..
    } = hub;
    let is_pattern = pattern.contains(['*', '?', '[']);
    let message = match is_pattern {
        true => format!("no file of `{repository}` matches `{}`", pattern.value),
        false => format!("`{repository}` has no file `{}` at `{revision}`", pattern.value),
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

fn nothing(model: &Model, hub: &HubModel) -> Diagnostic {
    let message = format!(
        "the model `{}` takes no file of `{}`",
        model.name.value, hub.repository
    );
    let finding = Diagnostic::error(code::HUB, hub.span, message);
    match hub.exclude.first() {
        Some(pattern) => finding.related(pattern.span, "leaves out all that is there"),
        None => finding,
    }
    .hint("`files` and `exclude` say which files are taken")
}
