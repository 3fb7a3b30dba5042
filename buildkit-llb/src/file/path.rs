use crate::error::Problem;

/// A path without `.`, `..` and double slashes, as Go's `path.Clean` makes it of an absolute one.
pub(crate) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The clean form of a path that must be absolute.
pub(super) fn absolute(role: &'static str, path: &str) -> Result<String, Problem> {
    if !path.starts_with('/') {
        return Err(Problem::RelativePath {
            role,
            path: path.to_owned(),
        });
    }
    Ok(clean(path))
}

/// The clean form of a copy's destination. A `/` or `/.` at its end stays: it means "into the directory"
/// (buildkit `client/llb/fileop.go: normalizePath`).
pub(super) fn destination(role: &'static str, path: &str) -> Result<String, Problem> {
    let mut cleaned = absolute(role, path)?;
    let (directory, contents) = (path.ends_with('/'), path.ends_with("/."));
    if (directory || contents) && cleaned != "/" {
        cleaned.push('/');
    }
    if contents {
        cleaned.push('.');
    }
    Ok(cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cleaned_as_go_cleans_it() {
        let cases = [
            ("/", "/"),
            ("/a//b/", "/a/b"),
            ("/a/./b/../c", "/a/c"),
            ("/../a", "/a"),
            ("/a/..", "/"),
        ];
        for (path, cleaned) in cases {
            assert_eq!(clean(path), cleaned);
        }
    }

    #[test]
    fn a_destination_keeps_its_end() {
        let cases = [
            ("/a", "/a"),
            ("/a/", "/a/"),
            ("/a//", "/a/"),
            ("/a/.", "/a/."),
            ("/", "/"),
            ("/.", "/."),
        ];
        for (path, cleaned) in cases {
            assert_eq!(destination("dest", path).unwrap(), cleaned);
        }
    }

    #[test]
    fn a_relative_path_is_refused() {
        let path = "a/b".to_owned();
        assert_eq!(
            absolute("src", "a/b"),
            Err(Problem::RelativePath { role: "src", path })
        );
    }
}
