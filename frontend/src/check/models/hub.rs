//! `hf:`: files of a repository on a model hub.

use modelcrate_fetcher::hub::Repository;

use super::{Findings, allows_pickle};
use crate::check::{HubModel, ModelSource, secrets};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{self, Entry, Field, List, Text};

/// The branch that a repository has unless its owner says otherwise; also what the hub's own client takes.
const DEFAULT_REVISION: &str = "main";

/// What a model takes of a hub.
pub(super) fn hub(model: &spec::Model, findings: &mut Findings) -> Option<ModelSource> {
    if let Some(path) = model.path.key() {
        findings.push(
            Diagnostic::error(
                code::CONFLICT,
                path,
                "`path` is where the files of an `image` lie",
            )
            .hint("`files` says which files of the repository are taken, `to` where they go"),
        );
    }
    let token = findings.keep(model.token.get().map(secrets::id).transpose());
    let written = model.hf.get()?;
    let (repository, revision) = findings.keep(address(written))?;
    Some(ModelSource::Hub(HubModel {
        repository,
        revision,
        span: written.span,
        include: patterns(&model.files, findings),
        exclude: patterns(&model.exclude, findings),
        token: token?,
        allow_pickle: allows_pickle(model),
        resume: model.resume.get().is_some_and(|resume| resume.value.0),
    }))
}

/// `org/name` or `org/name@revision`.
fn address(written: &Entry<Text>) -> Result<(Repository, String), Diagnostic> {
    let text: &str = written;
    let error = |message: String| Diagnostic::error(code::INVALID_MODEL, written.span, message);
    if let Some(path) = without_hub(text) {
        return Err(
            error(format!("`{text}` is the address of a page, not of a repository")).hint(format!(
                "write `hf: {path}`; another hub is named by the build arg `HF_ENDPOINT`"
            )),
        );
    }
    let (name, revision) = text.split_once('@').unwrap_or((text, DEFAULT_REVISION));
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if revision.is_empty() || revision.contains(odd) {
        return Err(error(format!("there is no revision after the `@` of `{text}`"))
            .hint("write a branch, a tag or a commit: `org/name@main`"));
    }
    match Repository::parse(name) {
        Ok(repository) => Ok((repository, revision.to_owned())),
        Err(why) => Err(error(format!("`{name}` is not a repository: the name {why}"))
            .hint("write it as the hub's page has it at the top: `hf: org/name`, with `@REVISION` after it for a state of it")),
    }
}

/// `org/name` of the address of a page.
fn without_hub(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("://")?;
    let words: Vec<&str> = rest.split('/').skip(1).take(2).collect();
    Some(match words.as_slice() {
        [org, name] => format!("{org}/{name}"),
        _ => "org/name".to_owned(),
    })
}

fn patterns(written: &Field<List<Text>>, findings: &mut Findings) -> Vec<Spanned<String>> {
    let items = written.items().iter();
    items.filter_map(|item| findings.keep(pattern(item))).collect()
}

/// A pattern that can match a path.
fn pattern(item: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = item;
    let error = |message: String| Diagnostic::error(code::INVALID_PATH, item.span, message);
    if let Some(rest) = text.strip_prefix("./").or_else(|| text.strip_prefix('/')) {
        return Err(error(format!(
            "`{text}` matches no file: paths begin at the repository's root"
        ))
        .hint(format!("write `{rest}`")));
    }
    if text.is_empty() || text.contains(char::is_control) || text.split('/').any(|word| word == "..") {
        return Err(
            error(format!("`{text}` is not the path of a file in the repository"))
                .hint("write a path or a pattern such as `\"*.safetensors\"`"),
        );
    }
    Ok(Spanned::new(text.to_owned(), item.span))
}

/// Keys that say something about a repository, in a model that is none.
pub(super) fn of_hub_alone(model: &spec::Model) -> Vec<Diagnostic> {
    let in_cache = model
        .layout
        .get()
        .filter(|layout| layout.value == spec::Layout::HfCache);
    let keys = [
        ("files", model.files.key()),
        ("exclude", model.exclude.key()),
        ("resume", model.resume.key()),
        ("layout: hf-cache", in_cache.map(|layout| layout.key)),
    ];
    keys.into_iter()
        .filter_map(|(key, span)| Some((key, span?)))
        .map(|(key, span)| {
            let message = format!("`{key}` belongs to `hf`, which this model does not have");
            let hint = match key {
                "files" | "exclude" => {
                    "each file under `urls` is written by itself: `urls: [{ url: …, sha256: … }]`"
                }
                _ => "write `hf: org/name`, or leave it out",
            };
            Diagnostic::error(code::CONFLICT, span, message).hint(hint)
        })
        .collect()
}

/// The finding about a file whose format runs code.
pub fn pickle(path: &str, span: Span) -> Diagnostic {
    let message = format!("`{path}` is of a format that runs whatever code it holds when it is read");
    Diagnostic::error(code::PICKLE, span, message)
        .hint("take the model's `.safetensors` or `.gguf` instead: leave the file out with `files` or `exclude`")
        .hint("or, where you trust its author, write `allow_pickle: true`")
}
