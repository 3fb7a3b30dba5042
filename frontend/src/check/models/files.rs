//! `url:` and `urls:`: files that are downloaded, each pinned by what it holds.

use super::Findings;
use crate::check::{ModelFile, ModelSource, secrets, url};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{self, Entry, Field, Text, file_of_url};

/// The files of a model, and the secret that opens their addresses.
pub(super) fn files(
    model: &spec::Model,
    entries: &[Entry<spec::ModelFile>],
    findings: &mut Findings,
) -> Option<ModelSource> {
    if let (Some(path), true) = (model.path.key(), model.image.key().is_none()) {
        let message = "`path` is where the files of an `image` lie";
        findings.push(
            Diagnostic::error(code::CONFLICT, path, message)
                .hint("`to` says where the files of this model go"),
        );
    }
    let token = model.token.get().map(secrets::id).transpose();
    let token = findings.keep(token);
    if entries.is_empty() {
        let place = model.urls.key()?;
        findings.push(
            Diagnostic::error(code::MISSING_KEY, place, "the model has no files")
                .hint("write `urls: [{ url: …, sha256: … }]`"),
        );
    }
    let files: Vec<ModelFile> = entries.iter().filter_map(|entry| file(entry, findings)).collect();
    same_file(&files, findings);
    Some(ModelSource::Files { files, token: token? })
}

fn file(entry: &Entry<spec::ModelFile>, findings: &mut Findings) -> Option<ModelFile> {
    let place = entry.url.key().unwrap_or(entry.key);
    for (key, missing) in [
        ("url", !entry.url.is_written()),
        ("sha256", !entry.sha256.is_written()),
    ] {
        if missing {
            findings.push(missing_key(key, place));
        }
    }
    let sha256 = entry.sha256.get().map(sha256).transpose();
    let sha256 = findings.keep(sha256).flatten();
    let url = entry.url.get().map(url::http).transpose();
    let url = findings.keep(url).flatten()?;
    let path = findings.keep(file_path(&entry.file, &url))?;
    Some(ModelFile {
        path,
        url,
        sha256: sha256?,
    })
}

fn missing_key(key: &str, place: Span) -> Diagnostic {
    let finding = |code| Diagnostic::error(code, place, format!("this file of a model has no `{key}`"));
    match key {
        "sha256" => finding(code::MISSING_CHECKSUM)
            .hint("write the 64 digits that `sha256sum FILE` prints; hubs show them on the page of the file"),
        _ => finding(code::MISSING_KEY).hint("write `{ url: https://…, sha256: … }`"),
    }
}

/// 64 hexadecimal digits, with or without `sha256:` in front.
///
/// # Errors
/// For anything else.
pub fn sha256(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    let hexadecimal = digits.chars().all(|c| c.is_ascii_hexdigit());
    if hexadecimal && digits.len() == 64 {
        return Ok(Spanned::new(digits.to_ascii_lowercase(), entry.span));
    }
    let finding = |message: String| Diagnostic::error(code::INVALID_CHECKSUM, entry.span, message);
    let count = digits.chars().count();
    Err(match (hexadecimal, count) {
        (true, 40) => finding("this is a SHA-1, with 40 digits; `sha256` has 64".into())
            .hint("a git id names another thing than the file's bytes: take what `sha256sum FILE` prints"),
        (true, 32) => finding("this is an MD5, with 32 digits; `sha256` has 64".into())
            .hint("take what `sha256sum FILE` prints"),
        (true, _) => finding(format!("a SHA-256 has 64 hexadecimal digits, this has {count}"))
            .hint("take what `sha256sum FILE` prints"),
        (false, _) => finding(format!("`{text}` is not a SHA-256"))
            .hint("write the 64 hexadecimal digits that `sha256sum FILE` prints"),
    })
}

/// A clean path below the model's folder.
fn file_path(file: &Field<Text>, url: &Spanned<String>) -> Result<String, Diagnostic> {
    let (text, span) = match file.get() {
        Some(file) => (file.value.0.as_str(), file.span),
        None => (file_of_url(&url.value), url.span),
    };
    let clean = |word: &str| !matches!(word, "" | "." | "..");
    if text.split('/').all(clean) && !text.contains(['\0', '\n', '\\']) {
        return Ok(text.to_owned());
    }
    let message = match file.get() {
        Some(_) => format!("`{text}` is not the path of a file in the model's folder"),
        None => "the address does not end in the name of a file".into(),
    };
    Err(Diagnostic::error(code::INVALID_PATH, span, message).hint("write `file: model.safetensors`"))
}

fn same_file(files: &[ModelFile], findings: &mut Findings) {
    for (number, file) in files.iter().enumerate() {
        let Some(first) = files[..number].iter().find(|first| first.path == file.path) else {
            continue;
        };
        let message = format!("two files of the model are called `{}`", file.path);
        findings.push(
            Diagnostic::error(code::DUPLICATE_VALUE, file.url.span, message)
                .related(first.url.span, "the other file")
                .hint("give one of them another name: `file: NAME`"),
        );
    }
}
