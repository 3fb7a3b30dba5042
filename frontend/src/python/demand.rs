//! A dependency as `pyproject.toml` asks for it and as `uv.lock` remembers that.

use std::collections::BTreeSet;
use std::str::FromStr;

use pep440_rs::VersionSpecifiers;

use super::project::requirement_name;

/// What is asked of one package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Demand {
    /// Normalised name.
    pub name: String,
    /// `>=1`, `<2`; `None` where something else than versions decides (a URL, a folder) or it cannot be read.
    pub versions: Option<BTreeSet<String>>,
}

impl Demand {
    /// Reads a requirement as `pyproject.toml` has it: `Foo[x] >= 1, <2 ; marker`.
    pub fn parse(requirement: &str) -> Self {
        let demand = requirement.split(';').next().unwrap_or_default().trim();
        let rest =
            demand.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let rest = rest.trim_start();
        let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_extras, rest)) => rest,
            None => rest,
        };
        let rest = rest.trim().trim_start_matches('(').trim_end_matches(')');
        Self {
            name: requirement_name(demand),
            versions: versions(rest),
        }
    }

    /// Whether a lock that remembers `self` answers to `asked`.
    pub fn answers(&self, asked: &Self) -> bool {
        let same = match (&self.versions, &asked.versions) {
            (Some(known), Some(asked)) => known == asked,
            _ => true,
        };
        self.name == asked.name && same
    }
}

/// The single conditions in `>=1, <2`, each spelled one way.
pub fn versions(specifiers: &str) -> Option<BTreeSet<String>> {
    let specifiers = VersionSpecifiers::from_str(specifiers.trim()).ok()?;
    Some(specifiers.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_demand_is_spelled_in_many_ways() {
        let known = Demand {
            name: "foo-bar".into(),
            versions: versions(">=1,<2"),
        };
        for text in [
            "Foo_Bar>=1,<2",
            "foo.bar[x,y] (<2, >=1) ; sys_platform == 'linux'",
            "foo-bar @ https://a.test/a.whl",
        ] {
            assert!(known.answers(&Demand::parse(text)), "{text}");
        }
        for text in ["foo-bar", "foo-bar>=1", "foo>=1,<2", "foo-bar>=1,<2,!=1.5"] {
            assert!(!known.answers(&Demand::parse(text)), "{text}");
        }
    }
}
