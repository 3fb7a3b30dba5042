//! What is said alike of every source that is asked which files it has.

use super::{Findings, allows_pickle};
use crate::check::{ListedModel, ModelSource, Origin};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{self, Entry, Field, Layout, List, Text};

/// A model of this source, which is written at `span`.
pub(super) fn listed(
    model: &spec::Model,
    origin: Origin,
    span: Span,
    findings: &mut Findings,
) -> ModelSource {
    ModelSource::Listed(ListedModel {
        origin,
        span,
        include: patterns(&model.files, findings),
        exclude: patterns(&model.exclude, findings),
        allow_pickle: allows_pickle(model),
        resume: model.resume.get().is_some_and(|resume| resume.value.0),
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
            "`{text}` matches no file: paths begin at the root of the source"
        ))
        .hint(format!("write `{rest}`")));
    }
    if text.is_empty() || text.contains(char::is_control) || text.split('/').any(|word| word == "..") {
        return Err(error(format!("`{text}` is not the path of a file in the source"))
            .hint("write a path or a pattern such as `\"*.safetensors\"`"));
    }
    Ok(Spanned::new(text.to_owned(), item.span))
}

/// Keys that the model's source has no use for.
pub(super) fn idle(model: &spec::Model) -> Vec<Diagnostic> {
    let has = |key: &str| super::sources(model).iter().any(|(source, _)| *source == key);
    let in_context = model.path.is_written() && !has("image");
    let lists = in_context || ["hf", "s3", "oci"].into_iter().any(has);
    let cache = model
        .layout
        .get()
        .filter(|layout| layout.value == Layout::HfCache);
    let keys = [
        ("files", model.files.key(), lists, LISTS),
        ("exclude", model.exclude.key(), lists, LISTS),
        (
            "resume",
            model.resume.key(),
            lists && !in_context,
            "`hf`, `s3` and `oci`",
        ),
        (
            "layout: hf-cache",
            cache.map(|layout| layout.key),
            has("hf"),
            "`hf`",
        ),
        ("endpoint", model.endpoint.key(), has("s3"), "`s3`"),
        ("region", model.region.key(), has("s3"), "`s3`"),
        ("access_key", model.access_key.key(), has("s3"), "`s3`"),
        ("secret_key", model.secret_key.key(), has("s3"), "`s3`"),
    ];
    keys.into_iter()
        .filter(|(_, _, is_used, _)| !is_used)
        .filter_map(|(key, span, _, sources)| Some((key, span?, sources)))
        .map(|(key, span, sources)| {
            let message = format!("`{key}` belongs to {sources}, which this model does not have");
            let hint = match key {
                "files" | "exclude" if has("url") || has("urls") => {
                    "each file under `urls` is written by itself: `urls: [{ url: …, sha256: … }]`"
                }
                _ => "leave it out, or name such a source",
            };
            Diagnostic::error(code::CONFLICT, span, message).hint(hint)
        })
        .collect()
}

/// The sources of which files are chosen by patterns.
const LISTS: &str = "`hf`, `s3`, `oci` and `path`";
