//! Models that cannot be had: what the engine says of a download, made into what the user can do about it.
//!
//! The engine compares a pinned file with its checksum without a look at the answer's status, so a page that says
//! "log in" comes back as a wrong digest (buildkit `source/http/source.go`, `Snapshot`). The same address is then asked
//! once more without the checksum: that request does look at the status.

use std::time::Duration;

use buildkit_llb::{Definition, Http, Meta, Output};
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::hub::Refusal;

use super::super::programs::NoProgram;
use super::super::{Build, Failure};
use super::ask;
use super::hub::OnHub;
use super::listed::no_program;
use super::question::Question;
use super::weights;
use crate::check::{Checked, HubModel, ListedModel, Model, ModelFile, ModelSource, Origin};
use crate::diagnostic::{Diagnostic, code};
use crate::gateway::{GatewayError, Ref};
use crate::plan::{Facts, is_fetched};
use crate::source::{Span, Spanned};

/// `http.authheadersecret` (buildkit `solver/pb/caps.go`).
const AUTH: &str = "source.http.auth";
/// Time for the answer to the second request. It ends with the headers when the status is an error; a large file that does
/// arrive is not waited for.
const STATUS_TIME: Duration = Duration::from_secs(10);

/// A file that is downloaded, and the secret that opens its address.
type Download<'a> = (&'a ModelFile, Option<&'a Spanned<String>>);

/// Whether the engine can send a model's token, and run the program that reads some sources.
pub(in crate::driver) fn can_be_downloaded(
    build: &Build,
    checked: &Checked,
    in_steps: &Result<(), NoProgram>,
) -> Result<(), Failure> {
    let fetched = checked.models.iter().filter_map(|model| match &model.source {
        ModelSource::Listed(listed) if is_fetched(listed, &build.hub) => Some(listed),
        _ => None,
    });
    let mut found: Vec<Diagnostic> = match in_steps {
        Ok(()) => Vec::new(),
        Err(lack) => fetched.map(|listed| no_program(listed, lack)).collect(),
    };
    if let Err(lack) = build.gateway.capabilities().require(AUTH) {
        let tokens = downloads(checked).filter_map(|(_, token)| token);
        found.extend(tokens.take(1).map(|token| {
            let message = format!("the token cannot be sent: {}", lack.status.message);
            let finding = Diagnostic::error(code::MISSING_CAPABILITY, token.span, message);
            lack.hints.clone().into_iter().fold(finding, Diagnostic::hint)
        }));
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(Failure::diagnostics(&build.spec, &found)),
    }
}

/// Hands the image's graph to the engine. With models that are downloaded it is run here, so that what goes wrong with them
/// can be explained; the export then finds everything done, and nothing is unpacked for it.
pub(in crate::driver) async fn solve(
    build: &Build,
    checked: &Checked,
    facts: &Facts,
    root: Option<&Output>,
) -> Result<Ref, Failure> {
    let Some(root) = root else {
        return Ok(Ref::scratch());
    };
    let definition = Definition::new(root)?;
    let run_now = any(checked);
    match build.gateway.solve(&definition, run_now).await {
        Ok(solved) => Ok(solved),
        Err(error) => Err(explained(build, checked, facts, error).await),
    }
}

fn downloads(checked: &Checked) -> impl Iterator<Item = Download<'_>> {
    checked.baked_models().flat_map(|model| match &model.source {
        ModelSource::Files { files, token } => files
            .iter()
            .map(|file| (file, token.as_ref()))
            .collect::<Vec<_>>(),
        ModelSource::Image(_) | ModelSource::Listed(_) => Vec::new(),
    })
}

/// Whether anything is downloaded.
fn any(checked: &Checked) -> bool {
    let downloaded = |model: &Model| match &model.source {
        ModelSource::Files { .. } => true,
        ModelSource::Image(_) => false,
        ModelSource::Listed(listed) => !matches!(listed.origin, Origin::Context(_)),
    };
    checked.baked_models().any(downloaded)
}

/// The user's side of a download that failed; any other error as it is.
async fn explained(build: &Build, checked: &Checked, facts: &Facts, error: GatewayError) -> Failure {
    let message = error.status.message.clone();
    // Where they cannot be looked into again, the engine's words are still true.
    let wrong = weights::wrong(build, checked, facts, &message)
        .await
        .unwrap_or_default();
    if !wrong.is_empty() {
        return Failure::diagnostics(&build.spec, &wrong);
    }
    if let Some((model, listed, hub, file)) = of_hub(checked, &message) {
        let commit = model.found_revision().unwrap_or_default();
        let url = build.hub.file(&hub.repository, commit, &file.path);
        let finding = match status(build, &url, None, listed.span).await {
            Some(status) => {
                let refusal = Refusal::read(status, None, None, hub.token.is_some());
                let question = Question {
                    build,
                    model,
                    source: listed,
                };
                let on_hub = OnHub {
                    question: &question,
                    hub,
                };
                on_hub.finding(&refusal, Some(&file.path))
            }
            None => hub_bytes(build, hub, &file.path, listed.span),
        };
        return Failure::diagnostics(&build.spec, &[finding]);
    }
    if let Some(finding) = without_secret(build, checked, &message) {
        return Failure::diagnostics(&build.spec, &[finding]);
    }
    let failed = downloads(checked).find(|(file, _)| is_mismatch(&message, &file.sha256));
    let Some((file, token)) = failed else {
        return error.into();
    };
    let finding = match status(build, &file.url.value, token, file.url.span).await {
        Some(status) => refused(file, token, status),
        None => other_bytes(file, &message),
    };
    Failure::diagnostics(&build.spec, &[finding])
}

/// The finding about a secret that a step of the fetcher did not get: with a lock nobody has asked the source before.
fn without_secret(build: &Build, checked: &Checked, message: &str) -> Option<Diagnostic> {
    checked.baked_models().find_map(|model| {
        let ModelSource::Listed(source) = &model.source else {
            return None;
        };
        let question = Question { build, model, source };
        question.without_secret(message)
    })
}

/// The file of a hub that the message is about.
fn of_hub<'a>(
    checked: &'a Checked,
    message: &str,
) -> Option<(&'a Model, &'a ListedModel, &'a HubModel, &'a File)> {
    checked.models.iter().find_map(|model| {
        let ModelSource::Listed(listed) = &model.source else {
            return None;
        };
        let mut files = model.found_files().iter();
        let file = files.find(|file| is_mismatch(message, &file.sha256))?;
        Some((model, listed, listed.hub()?, file))
    })
}

/// The hub listed the file a moment ago, or the lock knows it: what came instead of it is a page, or damaged.
fn hub_bytes(build: &Build, hub: &HubModel, path: &str, span: Span) -> Diagnostic {
    let host = build.hub.host();
    let message = format!(
        "what {host} gives for `{path}` of `{}` is not that file",
        hub.repository
    );
    let page = build.hub.page(&hub.repository);
    Diagnostic::error(code::DOWNLOAD, span, message)
        .hint(format!("it was damaged on the way, or the hub no longer gives it to this build: see {page}, and build again"))
        .hint("on a line that is cut off often, `resume: true` goes on where the last build stopped")
}

/// `digest mismatch sha256:GOT: sha256:WANTED`, since BuildKit 0.26 `digest mismatch for URL: sha256:GOT (expected: sha256:WANTED)`.
fn is_mismatch(message: &str, sha256: &str) -> bool {
    message.contains("digest mismatch") && message.contains(sha256)
}

/// The status with which the address refuses, `None` where it does not, or does not say so in time.
async fn status(build: &Build, url: &str, token: Option<&Spanned<String>>, span: Span) -> Option<u16> {
    let http = Http {
        url: url.to_owned(),
        filename: Some("answer".into()),
        auth_header_secret: token.map(|token| token.value.clone()),
        ..Http::default()
    };
    let meta = Meta {
        name: Some("[internal] ask again for what was refused".into()),
        ignore_cache: true,
        locations: vec![build.spec.location(span)],
        ..Meta::default()
    };
    let definition = Definition::new(&http.output(meta)).ok()?;
    let asked = tokio::time::timeout(STATUS_TIME, build.gateway.solve(&definition, true));
    let error = asked.await.ok()?.err()?;
    ask::status(&error.status.message)
}

fn refused(file: &ModelFile, token: Option<&Spanned<String>>, status: u16) -> Diagnostic {
    let message = match status {
        401 => format!(
            "the server wants to know who asks for `{}` (status 401)",
            file.path
        ),
        403 => format!(
            "the server does not give `{}` to this build (status 403)",
            file.path
        ),
        404 | 410 => format!("there is no `{}` at this address (status {status})", file.path),
        429 => format!(
            "the server has had too many requests to give `{}` (status 429)",
            file.path
        ),
        _ => format!("the server does not give `{}` (status {status})", file.path),
    };
    let finding = Diagnostic::error(code::DOWNLOAD, file.url.span, message);
    match (status, token) {
        (401 | 403, None) => finding.hint(
            "name the secret that opens it: `token: ID`, and build with `--secret id=ID,env=NAME`; it holds the value of the `Authorization` header, `Bearer …`",
        ),
        (401 | 403, Some(token)) => finding
            .related(token.span, "the secret that was sent")
            .hint(format!(
                "`{}` must hold the value of the `Authorization` header, such as `Bearer …`, of an account that may read the file",
                token.value
            )),
        (404 | 410, _) => finding.hint("compare the address with the one that a browser downloads from"),
        (429, _) => finding.hint("wait some minutes, or send a token"),
        _ => finding.hint("try again later, or use another address"),
    }
}

fn other_bytes(file: &ModelFile, message: &str) -> Diagnostic {
    let got = message
        .split("sha256:")
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(char::is_ascii_hexdigit)
                .collect::<String>()
        })
        .find(|digest| digest.len() == 64 && *digest != file.sha256.value);
    let finding = Diagnostic::error(
        code::DOWNLOAD,
        file.sha256.span,
        format!("`{}` holds something else than this checksum says", file.path),
    )
    .related(file.url.span, "what this address gives");
    let finding = match got {
        Some(got) => finding.hint(format!("its SHA-256 is {got}")),
        None => finding,
    };
    finding.hint("if the file was changed on purpose, write its new checksum; an address that names a version does not change")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn both_wordings_of_the_engine_are_understood() {
        let (got, wanted) = ("a".repeat(64), "b".repeat(64));
        let file = ModelFile {
            path: "m.gguf".into(),
            url: Spanned::new("https://x.test/m.gguf".into(), Span::new(5, 9)),
            sha256: Spanned::new(wanted.clone(), Span::new(1, 2)),
        };
        for message in [
            format!("failed to solve: digest mismatch sha256:{got}: sha256:{wanted}"),
            format!("digest mismatch for https://x.test/m.gguf: sha256:{got} (expected: sha256:{wanted})"),
        ] {
            assert!(is_mismatch(&message, &wanted));
            assert_eq!(
                other_bytes(&file, &message).hints[0],
                format!("its SHA-256 is {got}")
            );
        }
        assert!(!is_mismatch("digest mismatch sha256:1: sha256:2", &wanted));
    }
}
