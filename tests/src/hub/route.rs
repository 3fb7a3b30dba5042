//! Which answer a path asks for.

use percent_encoding::percent_decode_str;

/// What a path of the hub stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// `/api/models/REPOSITORY[/revision/REVISION]`
    Revision {
        repository: String,
        revision: String,
    },
    /// `/api/models/REPOSITORY/tree/REVISION[/FOLDER]`
    Tree {
        repository: String,
        revision: String,
        folder: String,
    },
    /// `/api/models/REPOSITORY/auth-check`
    Check {
        repository: String,
    },
    /// `/REPOSITORY/resolve/REVISION/PATH`
    File {
        repository: String,
        revision: String,
        path: String,
    },
    /// `/api/resolve-cache/models/REPOSITORY/COMMIT/PATH`, where the hub sends those who ask for small files.
    Cached {
        repository: String,
        revision: String,
        path: String,
    },
    Nothing,
}

impl Route {
    /// A revision is one segment, with `%2F` in it; so is every part of a path.
    pub(super) fn of(path: &str) -> Self {
        let decoded: Vec<String> = path
            .trim_start_matches('/')
            .split('/')
            .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
            .collect();
        let parts: Vec<&str> = decoded.iter().map(String::as_str).collect();
        match parts.as_slice() {
            [
                "api",
                "resolve-cache",
                "models",
                organisation,
                name,
                revision,
                path @ ..,
            ] => Self::Cached {
                repository: format!("{organisation}/{name}"),
                revision: (*revision).to_owned(),
                path: path.join("/"),
            },
            ["api", "models", rest @ ..] => Self::of_api(rest),
            ["api", ..] => Self::Nothing,
            rest => Self::of_file(rest),
        }
    }

    fn of_api(parts: &[&str]) -> Self {
        let Some((repository, rest)) = repository(parts, &["revision", "tree", "auth-check"]) else {
            return Self::Nothing;
        };
        match rest {
            [] => Self::Revision {
                repository,
                revision: "main".to_owned(),
            },
            ["revision", revision] => Self::Revision {
                repository,
                revision: (*revision).to_owned(),
            },
            ["tree", revision, folder @ ..] => Self::Tree {
                repository,
                revision: (*revision).to_owned(),
                folder: folder.join("/"),
            },
            ["auth-check"] => Self::Check { repository },
            _ => Self::Nothing,
        }
    }

    fn of_file(parts: &[&str]) -> Self {
        match repository(parts, &["resolve"]) {
            Some((repository, ["resolve", revision, path @ ..])) if !path.is_empty() => Self::File {
                repository,
                revision: (*revision).to_owned(),
                path: path.join("/"),
            },
            _ => Self::Nothing,
        }
    }
}

/// The name of one part or two, before one of these words or the end, and what follows.
fn repository<'a, 'b>(parts: &'a [&'b str], words: &[&str]) -> Option<(String, &'a [&'b str])> {
    (1..=2.min(parts.len()))
        .find(|&length| parts.get(length).is_none_or(|word| words.contains(word)))
        .map(|length| (parts[..length].join("/"), &parts[length..]))
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn a_revision_is_one_segment() {
        assert_eq!(
            Route::of("/api/models/org/small/revision/feature%2Fx"),
            Route::Revision {
                repository: "org/small".to_owned(),
                revision: "feature/x".to_owned()
            }
        );
        assert_eq!(
            Route::of("/org/small/resolve/refs%2Fpr%2F1/a%20b/c.json"),
            Route::File {
                repository: "org/small".to_owned(),
                revision: "refs/pr/1".to_owned(),
                path: "a b/c.json".to_owned()
            }
        );
    }

    #[test]
    fn old_repositories_have_no_organisation() {
        assert_eq!(
            Route::of("/api/models/gpt2/tree/main"),
            Route::Tree {
                repository: "gpt2".to_owned(),
                revision: "main".to_owned(),
                folder: String::new()
            }
        );
        assert_eq!(Route::of("/api/agent-harnesses"), Route::Nothing);
        assert_eq!(Route::of("/"), Route::Nothing);
    }
}
