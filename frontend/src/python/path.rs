//! Paths below the build context, as text: nothing is looked up.

/// `folder/path` without `.` and with each `..` taken back; a `..` that leads out of the context stays. The context
/// itself is the empty path.
pub fn joined(folder: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether a path that [`joined`] made is outside of the context.
pub fn is_outside(path: &str) -> bool {
    path.starts_with('/') || path == ".." || path.starts_with("../")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_as_a_file_system_would() {
        assert_eq!(joined("app", "../lib"), "lib");
        assert_eq!(joined(".", "."), "");
        assert_eq!(joined("a/b", "./c/"), "a/b/c");
        assert_eq!(joined("app", "../../lib"), "../lib");
    }

    #[test]
    fn what_leads_out_of_the_context_is_known() {
        assert!(is_outside(&joined("app", "../../lib")));
        assert!(is_outside(&joined("app", "/lib")));
        assert!(is_outside(&joined("", "..")));
        assert!(!is_outside(&joined("app", "../lib")));
        assert!(!is_outside("..lib"));
    }
}
