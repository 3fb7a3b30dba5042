//! `s3:`: objects in a bucket.

use super::Findings;
use super::listed::listed;
use crate::check::{Bucket, ModelSource, Origin, secrets, url};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{self, Entry, Text};

/// What a model takes of a bucket.
pub(super) fn bucket(model: &spec::Model, findings: &mut Findings) -> Option<ModelSource> {
    findings.0.extend(super::no_place(model));
    findings.0.extend(super::no_token(
        model,
        "`access_key` and `secret_key` are the secrets of a bucket",
    ));
    let endpoint = findings.keep(model.endpoint.get().map(url::http).transpose());
    let keys = keys(model, findings);
    let written = model.s3.get()?;
    let (name, prefix) = findings.keep(address(written))?;
    let bucket = Bucket {
        name,
        prefix,
        endpoint: endpoint?.map(|endpoint| endpoint.value.trim_end_matches('/').to_owned()),
        region: model.region.get().map(|region| region.value.0.clone()),
        keys: keys?,
    };
    Some(listed(model, Origin::Bucket(bucket), written.span, findings))
}

/// Both halves of a key, or none; `None` where something is wrong with them.
#[expect(
    clippy::option_option,
    reason = "nobody in particular may ask a public bucket"
)]
fn keys(model: &spec::Model, findings: &mut Findings) -> Option<Option<(Spanned<String>, Spanned<String>)>> {
    match (model.access_key.get(), model.secret_key.get()) {
        (None, None) => Some(None),
        (Some(key), Some(secret)) => {
            let key = findings.keep(secrets::id(key));
            let secret = findings.keep(secrets::id(secret));
            Some(Some((key?, secret?)))
        }
        (Some(one), None) | (None, Some(one)) => {
            let missing = match model.secret_key.is_written() {
                true => "access_key",
                false => "secret_key",
            };
            let message = format!("a key of a bucket has two halves, and `{missing}` is not there");
            findings.push(Diagnostic::error(code::MISSING_KEY, one.span, message).hint(format!(
                "write `{missing}: ID`, the id of a secret that `docker buildx build --secret id=ID,env=NAME` gives"
            )));
            None
        }
    }
}

/// `s3://bucket/prefix`
fn address(written: &Entry<Text>) -> Result<(String, String), Diagnostic> {
    let text: &str = written;
    let error =
        |message: String, hint: &str| Diagnostic::error(code::INVALID_URL, written.span, message).hint(hint);
    let Some(rest) = text.strip_prefix("s3://") else {
        return Err(error(
            format!("`{text}` is not the address of a bucket"),
            "write `s3: s3://BUCKET/PREFIX`, and the server's address as `endpoint: https://HOST`",
        ));
    };
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    // The rules of AWS, which other servers have too: 3 to 63 small letters, digits, dots and hyphens.
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_name = (3..=63).contains(&name.len())
        && name.chars().all(letter)
        && name.starts_with(edge)
        && name.ends_with(edge);
    if !is_name {
        return Err(error(
            format!("`{name}` is not the name of a bucket"),
            "it has 3 to 63 small letters, digits, dots and hyphens",
        ));
    }
    let prefix = prefix.trim_end_matches('/');
    let odd = |word: &str| {
        matches!(word, "" | "." | "..") || word.contains(['?', '#', '\\']) || word.contains(char::is_control)
    };
    match prefix.is_empty() || !prefix.split('/').any(odd) {
        true => Ok((name.to_owned(), prefix.to_owned())),
        false => Err(error(
            format!("`{prefix}` is not a folder of a bucket"),
            "write it without `..`, empty parts, `?` and `#`: `s3://BUCKET/models/NAME`",
        )),
    }
}
