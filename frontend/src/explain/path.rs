//! Paths of the context: whether a step has a file in sight.

use modelcrate_fetcher::select::matches;

/// A file or folder of the context that somebody changes; [`ANY`] is one that nothing names.
pub(super) const ANY: &str = ".";

/// Whether files of the context, named by `paths` (all of it where there is none) without `exclude`, hold `path`.
pub(super) fn holds(paths: &[String], exclude: &[String], path: &str) -> bool {
    if path == ANY {
        return paths.is_empty();
    }
    (paths.is_empty() || paths.iter().any(|folder| lies_in(path, folder))) && !is_left_out(exclude, path)
}

/// Whether a path is `folder` or lies in it; a leading `/` is the context's own folder.
pub(super) fn lies_in(path: &str, folder: &str) -> bool {
    let (path, folder) = (plain(path), plain(folder));
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        || matches(folder, path)
}

fn plain(path: &str) -> &str {
    match path.trim_matches('/') {
        "." => "",
        path => path,
    }
}

/// As the engine reads such patterns: of a path or a folder above it, and the last one that matches counts
/// (moby/patternmatcher).
fn is_left_out(exclude: &[String], path: &str) -> bool {
    let mut left_out = false;
    for pattern in exclude {
        let (pattern, takes_back) = match pattern.strip_prefix('!') {
            Some(pattern) => (pattern, true),
            None => (pattern.as_str(), false),
        };
        if with_parents(path).any(|path| takes(pattern, path)) {
            left_out = !takes_back;
        }
    }
    left_out
}

fn takes(pattern: &str, path: &str) -> bool {
    let pattern = plain(pattern);
    matches(pattern, path)
        || pattern
            .strip_prefix("**/")
            .is_some_and(|anywhere| matches(anywhere, path))
}

fn with_parents(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(parent, _)| parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_folder_holds_what_lies_in_it() {
        assert!(holds(&words(&["src"]), &[], "src/app.py"));
        assert!(holds(&words(&["/src"]), &[], "src"));
        assert!(holds(&words(&["*.lock"]), &[], "uv.lock"));
        assert!(!holds(&words(&["src"]), &[], "src2/app.py"));
        assert!(!holds(&words(&["src"]), &[], ANY));
        assert!(holds(&[], &[], ANY));
    }

    #[test]
    fn what_is_left_out_is_not_held() {
        let exclude = words(&["uv.lock", "**/.venv", "docs", "!docs/a.md"]);
        assert!(!holds(&[], &exclude, "uv.lock"));
        assert!(!holds(&[], &exclude, "a/.venv/x"));
        assert!(!holds(&[], &exclude, "docs/b.md"));
        assert!(holds(&[], &exclude, "docs/a.md"));
        assert!(holds(&[], &exclude, "src"));
    }
}
