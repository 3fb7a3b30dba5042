//! `hf:`: files of a repository on a model hub.

use modelcrate_fetcher::hub::Repository;

use super::Findings;
use super::listed::listed;
use crate::check::{HubModel, ModelSource, Origin, secrets};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;
use crate::spec::{self, Entry, Text};

/// The branch that a repository has unless its owner says otherwise; also what the hub's own client takes.
const DEFAULT_REVISION: &str = "main";

/// What a model takes of a hub.
pub(super) fn hub(model: &spec::Model, findings: &mut Findings) -> Option<ModelSource> {
    findings.0.extend(super::no_place(model));
    let token = findings.keep(model.token.get().map(secrets::id).transpose());
    let written = model.hf.get()?;
    let (repository, revision) = findings.keep(address(written))?;
    let hub = HubModel {
        repository,
        revision,
        token: token?,
    };
    Some(listed(model, Origin::Hub(hub), written.span, findings))
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
    if let Some((repository, quantization)) = quantized(name) {
        let message = format!("`{name}` is not a repository: `{quantization}` names files of it");
        return Err(error(message).hint(format!(
            "write `hf: {repository}` with `files: [\"*{quantization}*.gguf\"]`"
        )));
    }
    match Repository::parse(name) {
        Ok(repository) => Ok((repository, revision.to_owned())),
        Err(why) => Err(error(format!("`{name}` is not a repository: the name {why}"))
            .hint("write it as the hub's page has it at the top: `hf: org/name`, with `@REVISION` after it for a state of it")),
    }
}

/// `org/name:Q4_K_M`, as programs of GGUF take it.
fn quantized(text: &str) -> Option<(&str, &str)> {
    let (repository, quantization) = text.split_once(':')?;
    let is_word = !quantization.is_empty() && quantization.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_word && Repository::parse(repository).is_ok()).then_some((repository, quantization))
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

/// The finding about a file whose format runs code.
pub fn pickle(path: &str, span: Span) -> Diagnostic {
    let message = format!("`{path}` is of a format that runs whatever code it holds when it is read");
    Diagnostic::error(code::PICKLE, span, message)
        .hint("take the model's `.safetensors` or `.gguf` instead: leave the file out with `files` or `exclude`")
        .hint("or, where you trust its author, write `allow_pickle: true`")
}
