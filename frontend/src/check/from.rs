//! `from:`, where files come from: images, other targets, commands before.

use super::CopyFrom;
use super::reference;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Text};

/// What stands before the name of a target, as in the contexts of Bake files (docker/buildx `docs/bake-reference.md`).
const TARGET: &str = "target:";

/// The name of a target in `target:NAME`.
pub fn target(entry: &Entry<Text>) -> Option<Spanned<String>> {
    named(entry, TARGET)
}

/// The name after a prefix; it is what is marked when it is wrong.
pub fn named(entry: &Entry<Text>, prefix: &str) -> Option<Spanned<String>> {
    let name = entry.value.strip_prefix(prefix)?;
    Some(Spanned::new(name.to_owned(), entry.span))
}

/// Another target, an image, or a named context.
///
/// # Errors
/// When it is none of them; whether there is such a target, [`super::sources`] finds out.
pub fn from(entry: &Entry<Text>) -> Result<CopyFrom, Diagnostic> {
    if let Some(name) = target(entry) {
        return Ok(CopyFrom::Target(name));
    }
    if &*entry.value == "scratch" {
        return Err(
            Diagnostic::error(code::INVALID_IMAGE, entry.span, "there are no files in `scratch`")
                .hint("leave `from` out to take files of the build context"),
        );
    }
    reference::image(entry).map(CopyFrom::Image)
}
