//! Where a part of a target lies, and what of it is in files that are taken of there.

use crate::check::Copy;
use crate::plan::meet;

/// Where a part lies in its target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// Where one of these is taken whole, the part is taken.
    pub whole: Vec<String>,
    /// Nothing of it lies elsewhere.
    pub within: Vec<String>,
    /// Nothing else lies there.
    pub alone: bool,
}

/// Whether a part is in what was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Presence {
    /// For certain not.
    Absent,
    /// That depends on which of its files these are.
    Possible,
    /// For certain.
    Certain,
}

impl Place {
    /// Anywhere in the target, among other things.
    pub fn anywhere() -> Self {
        Self {
            whole: vec!["/".into()],
            within: vec!["/".into()],
            alone: false,
        }
    }

    /// A folder or file that holds nothing else.
    pub fn alone(path: impl Into<String>) -> Self {
        let path = trimmed(&path.into());
        Self {
            whole: vec![path.clone()],
            within: vec![path],
            alone: true,
        }
    }

    /// Somewhere in these folders, among other things.
    pub fn somewhere(folders: &[String]) -> Self {
        Self {
            whole: Vec::new(),
            within: folders.iter().map(|folder| trimmed(folder)).collect(),
            alone: false,
        }
    }

    /// What taking `source` takes of it. Patterns and exceptions leave open what they match.
    pub fn presence(&self, source: &str, is_whole: bool) -> Presence {
        if is_whole && !is_pattern(source) && self.whole.iter().any(|path| covers(source, path)) {
            Presence::Certain
        } else if self.within.iter().any(|path| meet(path, source)) {
            Presence::Possible
        } else {
            Presence::Absent
        }
    }

    /// Whether all that lies at `source` is of this part.
    pub fn is_all_of(&self, source: &str) -> bool {
        self.alone && self.whole.iter().any(|path| covers(path, source))
    }

    /// Where it lies once it is copied for certain.
    pub fn moved(&self, copy: &Copy, source: &str) -> Self {
        let taken = |paths: &[String]| -> Vec<String> {
            let taken = paths.iter().filter(|path| covers(source, path));
            taken.map(|path| moved(copy, source, path)).collect()
        };
        Self {
            whole: taken(&self.whole),
            within: taken(&self.within),
            // Other things may be copied there too.
            alone: false,
        }
    }
}

/// The new path of what lies at `path` in a folder that is copied: its contents are.
pub(super) fn moved(copy: &Copy, source: &str, path: &str) -> String {
    let rest = path.strip_prefix(trimmed(source).trim_end_matches('/'));
    let rest = rest.unwrap_or_default().trim_matches('/');
    trimmed(&format!("{}/{rest}", trimmed(&copy.dest.value)))
}

/// Without `/` at its end or twice.
fn trimmed(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.fold(String::new(), |path, part| path + "/" + part)
}

/// Whether `inner` is `outer` or lies in it.
fn covers(outer: &str, inner: &str) -> bool {
    let (outer, inner) = (trimmed(outer) + "/", trimmed(inner) + "/");
    inner.starts_with(&outer)
}

fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_says_whether_a_part_is() {
        let venv = Place::alone("/opt/venv");
        for (source, presence) in [
            ("/", Presence::Certain),
            ("/opt", Presence::Certain),
            ("/opt/venv/", Presence::Certain),
            ("/opt/*", Presence::Possible),
            ("/opt/venv/bin/app", Presence::Possible),
            ("/opt/venv2", Presence::Absent),
        ] {
            assert_eq!(venv.presence(source, true), presence, "{source}");
        }
        assert_eq!(venv.presence("/opt", false), Presence::Possible);
        assert_eq!(Place::anywhere().presence("/opt", true), Presence::Possible);
        assert!(venv.is_all_of("/opt/venv/bin"));
        assert!(!venv.is_all_of("/opt"));
    }
}
