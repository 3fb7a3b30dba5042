//! Paths: absolute ones in an image, relative ones in the context.

use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Text};

/// An absolute path in an image, `what` in messages ("`workdir`", "a volume"), without `.`, `..` and doubled slashes; a `/` at the end stays.
///
/// # Errors
/// When it is relative or leaves the root.
pub fn absolute(entry: &Entry<Text>, what: &str) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    if !text.starts_with('/') {
        let message = format!("{what} must be an absolute path, not `{text}`");
        let hint = format!(
            "write `/{}`",
            text.trim_start_matches("./").trim_start_matches("~/")
        );
        return Err(Diagnostic::error(code::INVALID_PATH, entry.span, message).hint(hint));
    }
    let clean = clean(text).ok_or_else(|| outside(entry, "the image"))?;
    let folder = text.ends_with('/') && !clean.is_empty();
    let path = format!("/{clean}{}", if folder { "/" } else { "" });
    Ok(Spanned::new(path, entry.span))
}

/// As [`absolute`], for a folder: a `/` at its end says nothing new.
///
/// # Errors
/// As [`absolute`].
pub fn folder(entry: &Entry<Text>, what: &str) -> Result<Spanned<String>, Diagnostic> {
    Ok(
        absolute(entry, what)?.map(|path| match path.trim_end_matches('/') {
            "" => "/".to_string(),
            path => path.to_string(),
        }),
    )
}

/// As [`absolute`], for a folder or file that a `/` at the end says nothing about.
///
/// # Errors
/// As [`absolute`], and for `/` itself.
pub fn below_root(entry: &Entry<Text>, what: &str) -> Result<Spanned<String>, Diagnostic> {
    let path = absolute(entry, what)?.map(|path| path.trim_end_matches('/').to_string());
    if path.is_empty() {
        let message = format!("{what} cannot be `/`, the whole image");
        return Err(
            Diagnostic::error(code::INVALID_PATH, entry.span, message).hint("name a folder, such as `/data`")
        );
    }
    Ok(path)
}

/// A path in the context, relative to it and clean; `.` is the context itself. A `/` in front means the same as none.
///
/// # Errors
/// When it is empty, in the user's home, or outside the context.
pub fn in_context(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    if text.is_empty() || text.starts_with('~') {
        let message = format!("`{text}` is not a path in the build context");
        return Err(Diagnostic::error(code::INVALID_PATH, entry.span, message).hint(
            "paths are relative to the folder that `docker buildx build` is given; `.` is that folder",
        ));
    }
    let clean = clean(text).ok_or_else(|| outside(entry, "the build context"))?;
    let path = if clean.is_empty() { ".".to_string() } else { clean };
    Ok(Spanned::new(path, entry.span))
}

/// A path in another image or a named context, from its root; a `/` in front means the same as none.
///
/// # Errors
/// When it leads out of the root.
pub fn in_image(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let clean = clean(entry).ok_or_else(|| outside(entry, "the image"))?;
    Ok(Spanned::new(format!("/{clean}"), entry.span))
}

fn outside(entry: &Entry<Text>, what: &str) -> Diagnostic {
    let message = format!("`{}` is outside {what}", &entry.value.0);
    let finding = Diagnostic::error(code::INVALID_PATH, entry.span, message);
    match what {
        "the image" => finding.hint("write the path without `..`"),
        _ => finding.hint("build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`"),
    }
}

/// The path without empty words, `.` and `..`; `None` when `..` leads out.
fn clean(text: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for word in text.split('/') {
        match word {
            "" | "." => {}
            ".." => {
                words.pop()?;
            }
            word => words.push(word),
        }
    }
    Some(words.join("/"))
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_clean_path_says_where_it_leads() {
        assert_eq!(clean("./a//b/../c/"), Some("a/c".to_string()));
        assert_eq!(clean("/"), Some(String::new()));
        assert_eq!(clean("a/../.."), None);
    }
}
