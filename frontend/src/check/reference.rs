//! Image references, in the grammar of the distribution project (`distribution/reference`, `reference.go`).

use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Text};

/// An image reference or the name of a named context.
///
/// # Errors
/// With the part that is wrong.
pub fn image(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    match problem(text) {
        None => Ok(Spanned::new(text.to_string(), entry.span)),
        Some((reason, hint)) => {
            let message = format!("`{text}` is not an image: {reason}");
            Err(Diagnostic::error(code::INVALID_IMAGE, entry.span, message).hint(hint))
        }
    }
}

type Problem = (&'static str, String);

fn problem(text: &str) -> Option<Problem> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let hint = format!("write `{rest}`");
        let reason = if scheme.contains("docker") {
            "it has a scheme"
        } else {
            "it is a URL"
        };
        return Some((reason, hint));
    }
    if text.is_empty() || text.contains(char::is_whitespace) {
        let hint = "write it as `docker pull` takes it, such as `debian:bookworm-slim`";
        return Some(("there is nothing or a space in it", hint.to_string()));
    }
    let (name, digest) = match text.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (text, None),
    };
    let (name, tag) = split_tag(name);
    digest
        .and_then(digest_problem)
        .or_else(|| tag.and_then(tag_problem))
        .or_else(|| name_problem(name))
}

/// The colon of a tag comes after the last slash, the colon of a port before it.
fn split_tag(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (name, None),
    }
}

fn digest_problem(digest: &str) -> Option<Problem> {
    let right = digest
        .strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
    (!right).then(|| {
        let hint = "a digest is `sha256:` and 64 hexadecimal digits";
        ("its digest is not complete", hint.to_string())
    })
}

fn tag_problem(tag: &str) -> Option<Problem> {
    let starts = tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let letters = tag
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    (!starts || !letters || tag.len() > 128).then(|| {
        let hint = "a tag has letters, digits, `_`, `.` and `-`, at most 128 of them";
        ("its tag is not valid", hint.to_string())
    })
}

fn name_problem(name: &str) -> Option<Problem> {
    let path = match name.split_once('/') {
        Some((domain, path)) if is_domain(domain) => path,
        _ => name,
    };
    if path.chars().any(|c| c.is_ascii_uppercase()) {
        let hint = format!("write `{}`", name.to_lowercase());
        return Some(("repository names are lower case", hint));
    }
    (!path.split('/').all(is_component)).then(|| {
        let hint = "a repository is words of letters and digits, joined by `/`, `.`, `_` or `-`";
        ("its repository is not valid", hint.to_string())
    })
}

/// Docker also takes a word with capitals for a host; nobody means that by `NVIDIA/cuda`.
fn is_domain(word: &str) -> bool {
    word == "localhost" || word.contains(['.', ':'])
}

fn is_component(word: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    edge(word.chars().next())
        && edge(word.chars().next_back())
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-'))
        && !word.contains("..")
        && !word.contains("___")
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn references_that_engines_take_are_taken() {
        for reference in [
            "debian",
            "debian:bookworm-slim",
            "nvidia/cuda:12.8.1-runtime-ubuntu22.04",
            "localhost:5000/a/b_c--d:1",
            "ghcr.io/owner/name@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "Registry.Example.com/name",
            "name:tag@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ] {
            assert_eq!(problem(reference), None, "{reference}");
        }
    }

    #[test]
    fn references_that_engines_refuse_are_refused_with_the_part_that_is_wrong() {
        let reason = |text| problem(text).map(|(reason, _)| reason);
        assert_eq!(reason("https://ghcr.io/a/b"), Some("it is a URL"));
        assert_eq!(reason("docker-image://a/b"), Some("it has a scheme"));
        assert_eq!(reason("a b"), Some("there is nothing or a space in it"));
        assert_eq!(reason("a@sha256:12"), Some("its digest is not complete"));
        assert_eq!(reason("a:b:"), Some("its tag is not valid"));
        assert_eq!(reason("NVIDIA"), Some("repository names are lower case"));
        assert_eq!(reason("a//b"), Some("its repository is not valid"));
        assert_eq!(reason("-a"), Some("its repository is not valid"));
    }
}
