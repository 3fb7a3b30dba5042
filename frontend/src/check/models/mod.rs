//! `models:`

mod artifact;
mod bucket;
mod deliver;
mod files;
mod folder;
mod hub;
mod image;
mod listed;
#[cfg(test)]
mod tests;

use modelcrate_fetcher::pickle::is_pickle;

use super::findings::Findings;
use super::{Model, ModelSource, path};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{self, Entry, HUB_CACHE, Layout, Spec, folder_of};

pub use files::sha256;
pub use hub::pickle;

/// The models of a spec, in the written order.
pub fn models(spec: &Spec, findings: &mut Findings) -> Vec<Model> {
    let entries = spec.models.entries().iter();
    let models: Vec<Model> = entries
        .filter_map(|(name, model)| self::model(spec, name, model, findings))
        .collect();
    same_place(&models, findings);
    models
}

fn model(
    spec: &Spec,
    name: &Spanned<String>,
    model: &Entry<spec::Model>,
    findings: &mut Findings,
) -> Option<Model> {
    let valid = findings.keep(valid_name(name));
    let deliver = deliver::deliver(spec, model, findings);
    findings.0.extend(listed::idle(model));
    findings.0.extend(two_sources(model));
    let to = model.to.get().map(|to| path::below_root(to, "`to`")).transpose();
    let to = findings.keep(to);
    let source = source(model, name, findings);
    let layout = model.layout.get().map_or(Layout::Dir, |layout| layout.value);
    let (name, to, source) = (valid?, to?, source?);
    let to = to.as_ref().map(|to| to.value.as_str());
    Some(Model {
        folder: match (&source, model.path.get(), layout) {
            (ModelSource::Image(_), Some(path), _) => folder_of("", Some(path)),
            (_, _, Layout::HfCache) => folder_of("", Some(to.unwrap_or(HUB_CACHE))),
            (_, _, Layout::Dir) => folder_of(&name.value, to),
        },
        license: model
            .license
            .get()
            .map(|license| Spanned::new(license.value.0.clone(), license.span)),
        name,
        source,
        deliver,
        layout,
        found: None,
        span: model.whole(),
    })
}

/// A name that `${models.NAME.path}` and a folder can have.
fn valid_name(name: &Spanned<String>) -> Result<Spanned<String>, Diagnostic> {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let edges = |c: char| c.is_ascii_alphanumeric();
    if name.starts_with(edges) && name.ends_with(edges) && name.chars().all(letters) && !name.contains("..") {
        return Ok(name.clone());
    }
    let message = format!("`{}` is not a name for a model", name.value);
    Err(Diagnostic::error(code::INVALID_NAME, name.span, message)
        .hint("use letters, digits, `.`, `_` and `-`; it becomes the folder `/models/NAME`"))
}

/// The keys that say where a model comes from.
fn sources(model: &spec::Model) -> Vec<(&'static str, Span)> {
    let keys = [
        ("url", model.url.key()),
        ("urls", model.urls.key()),
        ("image", model.image.key()),
        ("hf", model.hf.key()),
        ("s3", model.s3.key()),
        ("oci", model.oci.key()),
    ];
    keys.into_iter()
        .filter_map(|(key, span)| Some((key, span?)))
        .collect()
}

fn has_source(model: &spec::Model) -> bool {
    !sources(model).is_empty()
}

fn two_sources(model: &spec::Model) -> Option<Diagnostic> {
    let sources = sources(model);
    let [(first, place), (second, span), ..] = sources.as_slice() else {
        return None;
    };
    let message = format!("a model has one source, and this has `{first}` and `{second}`");
    Some(
        Diagnostic::error(code::CONFLICT, *span, message)
            .related(*place, "the other source")
            .hint("keep one of them; several files go under `urls: [{ url: …, sha256: … }]`"),
    )
}

/// Reads what a model takes of one kind of source.
type Reader = fn(&spec::Model, &mut Findings) -> Option<ModelSource>;

fn source(
    model: &Entry<spec::Model>,
    name: &Spanned<String>,
    findings: &mut Findings,
) -> Option<ModelSource> {
    let asked: [(bool, Reader); 4] = [
        (model.hf.is_written(), hub::hub),
        (model.s3.is_written(), bucket::bucket),
        (model.oci.is_written(), artifact::artifact),
        (model.path.is_written() && !has_source(model), folder::folder),
    ];
    if let Some((_, read)) = asked.into_iter().find(|(is_written, _)| *is_written) {
        findings.0.extend(only_with_url(model));
        return read(model, findings);
    }
    if model.image.is_written() {
        return image::image(model, findings);
    }
    if model.urls.is_written() {
        findings.0.extend(only_with_url(model));
        return pinned(model, model.urls.items(), findings);
    }
    if model.url.is_written() {
        let file = Entry {
            key: model.url.key()?,
            span: model.span,
            value: spec::ModelFile {
                url: model.url.clone(),
                sha256: model.sha256.clone(),
                file: model.file.clone(),
            },
        };
        return pinned(model, &[file], findings);
    }
    let message = format!("it is not said where the model `{}` comes from", name.value);
    findings.push(
        Diagnostic::error(code::MISSING_KEY, name.span, message)
            .hint("write `hf: org/name`, `url: https://…` with `sha256: …`, or `image: …`"),
    );
    None
}

/// `path` beside a source that has its own places for files.
fn no_place(model: &spec::Model) -> Option<Diagnostic> {
    let message = "`path` is where the files of an `image` lie";
    let finding = Diagnostic::error(code::CONFLICT, model.path.key()?, message);
    Some(finding.hint("`files` says which files are taken, `to` where they go"))
}

/// `token` beside a source that has no use for it.
fn no_token(model: &spec::Model, hint: &str) -> Option<Diagnostic> {
    let message = "`token` does nothing for this source";
    Some(Diagnostic::error(code::CONFLICT, model.token.key()?, message).hint(hint))
}

/// Files that are pinned in the spec.
fn pinned(
    model: &spec::Model,
    entries: &[Entry<spec::ModelFile>],
    findings: &mut Findings,
) -> Option<ModelSource> {
    let source = files::files(model, entries, findings)?;
    if let (ModelSource::Files { files, .. }, false) = (&source, allows_pickle(model)) {
        let pickles = files.iter().filter(|file| is_pickle(&file.path));
        findings
            .0
            .extend(pickles.map(|file| pickle(&file.path, file.url.span)));
    }
    Some(source)
}

fn allows_pickle(model: &spec::Model) -> bool {
    model.allow_pickle.get().is_some_and(|allowed| allowed.value.0)
}

/// What describes the one file of `url`, beside another source.
fn only_with_url(model: &spec::Model) -> Vec<Diagnostic> {
    let keys = [("sha256", model.sha256.key()), ("file", model.file.key())];
    keys.into_iter()
        .filter_map(|(key, span)| Some((key, span?)))
        .filter(|_| !model.url.is_written())
        .map(|(key, span)| {
            let message = format!("`{key}` belongs to `url`, which this model does not have");
            Diagnostic::error(code::CONFLICT, span, message)
                .hint("each file under `urls` has its own: `urls: [{ url: …, sha256: …, file: … }]`")
        })
        .collect()
}

/// Two models whose files would lie over each other.
fn same_place(models: &[Model], findings: &mut Findings) {
    for (number, model) in models.iter().enumerate() {
        let Some(first) = models[..number]
            .iter()
            .find(|first| first.folder == model.folder && !side_by_side(first, model))
        else {
            continue;
        };
        let message = format!("two models lie in `{}`", model.folder);
        findings.push(
            Diagnostic::error(code::CONFLICT, model.name.span, message)
                .related(first.name.span, "the other model")
                .hint("give one of them a folder of its own: `to: /models/NAME`"),
        );
    }
}

/// Models of different repositories have different folders in one cache of Hugging Face's libraries.
fn side_by_side(first: &Model, second: &Model) -> bool {
    let in_cache = |model: &Model| model.layout == Layout::HfCache;
    match (first.hub(), second.hub()) {
        (Some(one), Some(other)) => in_cache(first) && in_cache(second) && one.repository != other.repository,
        _ => false,
    }
}
