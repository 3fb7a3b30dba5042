//! Git repositories: `https://HOST/PATH.git#REF:SUBDIR`, as BuildKit writes them
//! (buildkit `frontend/dockerfile/dfgitutil/git_ref.go`).

use super::GitSource;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Text};

const FORM: &str = "write `https://HOST/PATH.git#REF`, or `…#REF:FOLDER` for a folder of the repository";

/// Whether the text is an address and not a path: it has a scheme, or it is `user@host:path`.
pub fn is_address(text: &str) -> bool {
    text.contains("://") || is_scp(text)
}

/// A repository, what to check out, and the folder to take of it.
///
/// # Errors
/// When the address is none of git, or the part after `#` cannot be read.
pub fn repository(entry: &Entry<Text>) -> Result<GitSource, Diagnostic> {
    let text: &str = entry;
    let (address, fragment) = match text.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (text, None),
    };
    let wrong = |reason: &str| {
        let message = format!("`{text}` is not a git repository: {reason}");
        Diagnostic::error(code::INVALID_URL, entry.span, message)
    };
    let url = remote(address).map_err(|(reason, hint)| wrong(reason).hint(hint))?;
    let (reference, subdir) = fragment
        .unwrap_or_default()
        .split_once(':')
        .unwrap_or((fragment.unwrap_or_default(), ""));
    if fragment.is_some_and(str::is_empty) || reference.starts_with('-') || reference.contains("..") {
        return Err(wrong("there is no branch, tag or commit after `#`").hint(FORM));
    }
    let subdir = subdir.trim_matches('/');
    if subdir.split('/').any(|part| part == "..") {
        return Err(wrong("its folder leads out of it").hint(FORM));
    }
    Ok(GitSource {
        url: Spanned::new(url, entry.span),
        reference: (!reference.is_empty()).then(|| reference.to_string()),
        subdir: (!subdir.is_empty()).then(|| subdir.to_string()),
    })
}

type Problem = (&'static str, String);

/// The address without the words that pip and others put before it.
fn remote(address: &str) -> Result<String, Problem> {
    if address.contains(char::is_whitespace) {
        return Err(("there is a space in it", FORM.into()));
    }
    if address.contains('?') {
        return Err(("it has a query", FORM.into()));
    }
    if is_scp(address) {
        return Ok(address.to_string());
    }
    let address = address.strip_prefix("git+").unwrap_or(address);
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if !matches!(scheme, "https" | "http" | "ssh" | "git") {
        return Err(("git is read over `https://` or `ssh://`", FORM.into()));
    }
    if host.is_empty() || path.trim_matches('/').is_empty() {
        return Err(("it has no host or no path", FORM.into()));
    }
    if [".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".zip"]
        .iter()
        .any(|end| path.ends_with(end))
    {
        return Err((
            "it is an archive",
            format!("{FORM}; an archive can be unpacked in the context"),
        ));
    }
    if let Some((repository, reference)) = path.split_once("/tree/") {
        let meant = format!("write `{scheme}://{host}/{repository}.git#{reference}`");
        return Err(("it is a page about a repository", meant));
    }
    Ok(address.to_string())
}

fn is_scp(text: &str) -> bool {
    let Some((user, rest)) = text.split_once('@') else {
        return false;
    };
    let word = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    word(user)
        && rest
            .split_once(':')
            .is_some_and(|(host, path)| word(host) && !path.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn parsed(text: &str) -> Result<GitSource, Diagnostic> {
        let span = Span::default();
        repository(&Entry {
            key: span,
            span,
            value: Text(text.into()),
        })
    }

    #[test]
    fn the_fragment_names_what_to_check_out_and_a_folder() {
        let source = parsed("https://example.com/a/b.git#v1:sub/dir/").unwrap();
        assert_eq!(source.url.value, "https://example.com/a/b.git");
        assert_eq!(source.reference.as_deref(), Some("v1"));
        assert_eq!(source.subdir.as_deref(), Some("sub/dir"));
        let source = parsed("git@example.com:a/b.git").unwrap();
        assert_eq!((source.reference, source.subdir), (None, None));
    }

    #[test]
    fn the_words_of_pip_are_left_out() {
        assert_eq!(
            parsed("git+ssh://git@example.com/a.git#v1").unwrap().url.value,
            "ssh://git@example.com/a.git"
        );
    }

    #[test]
    fn addresses_are_told_from_paths() {
        for address in ["https://e.com/a.git", "git@e.com:a.git", "ftp://e.com/a"] {
            assert!(is_address(address), "{address}");
        }
        for path in [".", "vendor/app", "a@b", "src:main"] {
            assert!(!is_address(path), "{path}");
        }
    }
}
