//! Models: a layer for each large file, known by what it holds and made of nothing else.

mod access;
mod cache;
mod check;
mod fetch;
mod listing;
mod manifest;
mod outside;
mod piece;
mod program;
#[cfg(test)]
mod tests;

pub use access::Access;
pub(super) use cache::variables;
pub use check::{checked_pieces, is_check_of};
pub use listing::{LISTING, ListingPlan, listing_steps};
pub(super) use manifest::manifest;
pub(super) use outside::fetcher;
pub use piece::{Piece, Transport, is_fetched, is_of_host, pieces};

use std::collections::BTreeSet;

use super::{
    Action, CopyAction, DOWNLOADED, Facts, FileAction, On, Step, StepId, Steps, Tree, copies, sources,
};
use crate::check::{Checked, Model, ModelSource};
use crate::source::Spanned;

/// Layers that weights may take of the hundred or so that an image has.
const MOST_LAYERS: usize = 48;

/// The layers of every model that is in the image, and the folders of the others.
pub(super) fn models(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    let large = checked
        .baked_models()
        .flat_map(|model| pieces(model, facts))
        .filter(Piece::is_large);
    let together = large.count().div_ceil(MOST_LAYERS).max(1);
    let mut tree = Tree::new();
    for model in checked.baked_models() {
        if let ModelSource::Image(image) = &model.source {
            tree.push(steps.image("models", &image.value, image.span, On::Target));
        }
        tree.extend(layers(steps, model, facts, together));
    }
    tree.extend(outside::folders(steps, checked, facts));
    tree
}

/// Small files first, then the large ones, `together` of them in a layer.
fn layers(steps: &mut Steps, model: &Model, facts: &Facts, together: usize) -> Tree {
    let mut sorted = pieces(model, facts);
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let (large, small): (Vec<Piece>, Vec<Piece>) = sorted.into_iter().partition(Piece::is_large);
    let texts = cache::texts(model);
    let mut tree = Tree::new();
    if !small.is_empty() || !texts.is_empty() {
        tree.push(layer(steps, model, facts, &small, texts));
    }
    for files in large.chunks(together) {
        tree.push(layer(steps, model, facts, files, Vec::new()));
    }
    tree
}

fn layer(steps: &mut Steps, model: &Model, facts: &Facts, files: &[Piece], texts: Vec<FileAction>) -> StepId {
    let mut actions = copies::parents(&model.folder);
    actions.extend(folders(model, files));
    actions.extend(texts);
    actions.extend(files.iter().map(|file| copy(steps, model, facts, file, files)));
    actions.extend(check::check(steps, model, facts, files).map(FileAction::Origin));
    let name = match files {
        [file] => format!("add {}/{}", model.name.value, file.path),
        several => format!("add {} files of {}", several.len(), model.name.value),
    };
    steps.add(Step {
        stage: "models",
        name,
        span: model.span,
        platform: On::Any,
        action: Action::Files(actions),
    })
}

/// Every folder that the files lie in, made on its own: one that a copy makes would get the mode of the file.
fn folders(model: &Model, files: &[Piece]) -> impl Iterator<Item = FileAction> {
    let folder = |file: &Piece| match file.path.rsplit_once('/') {
        Some((folder, _)) => format!("{}/{folder}", model.folder),
        None => model.folder.clone(),
    };
    let folders: BTreeSet<String> = files.iter().map(folder).collect();
    folders.into_iter().map(folder_of_root)
}

/// A folder that everybody can read.
fn folder_of_root(path: String) -> FileAction {
    FileAction::Folder {
        path,
        mode: 0o755,
        owner: None,
    }
}

/// However a file comes here, it is copied the same way: the layer does not show how.
fn copy(steps: &mut Steps, model: &Model, facts: &Facts, file: &Piece, layer: &[Piece]) -> FileAction {
    let (from, source) = match &file.transport {
        Transport::Source { .. } => (download(steps, model, file), DOWNLOADED.into()),
        Transport::Step(access) => (fetch::fetch(steps, model, facts, file, access), DOWNLOADED.into()),
        Transport::Context(path) => (context(steps, model, layer), format!("/{path}")),
    };
    FileAction::Copy(CopyAction {
        from,
        source,
        dest: format!("{}/{}", model.folder, file.path),
        owner: None,
        mode: Some("0644".into()),
        exclude: Vec::new(),
    })
}

/// Files of the context that a layer holds come in one transfer of theirs alone.
fn context(steps: &mut Steps, model: &Model, layer: &[Piece]) -> StepId {
    let path = |file: &Piece| match &file.transport {
        Transport::Context(path) => Some(Spanned::new(path.clone(), file.span)),
        _ => None,
    };
    let paths: Vec<Spanned<String>> = layer.iter().filter_map(path).collect();
    let paths: Vec<&Spanned<String>> = paths.iter().collect();
    let name = format!("files of {}", model.name.value);
    sources::context(steps, "models", &name, &paths, &[])
}

/// What the engine downloads itself.
fn download(steps: &mut Steps, model: &Model, file: &Piece) -> StepId {
    let action = Action::Download(file.download());
    steps.add(Step {
        stage: "models",
        name: format!("download {}/{}", model.name.value, file.path),
        span: file.span,
        platform: On::Any,
        action,
    })
}
