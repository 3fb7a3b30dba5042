//! What modelcrate needs of a `uv.lock`: the workspace's members, and whether it knows what the project asks for.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::demand::versions;
use super::{Demand, Project, normalised};

/// The facts of a `uv.lock`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UvLock {
    /// Packages of the workspace by name.
    pub members: BTreeMap<String, Member>,
}

/// A package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Member {
    /// Its folder below the workspace's root, `.` for the root.
    pub folder: String,
    /// What it asked for when the lock was written: dependencies, extras and groups.
    pub demands: BTreeSet<Demand>,
}

/// Keys of a requirement's entry that say where it comes from; versions then do not decide (uv
/// `crates/uv-distribution-types/src/requirement.rs`).
const ORIGINS: [&str; 6] = ["git", "url", "path", "directory", "editable", "virtual"];

impl UvLock {
    /// Reads the text of a `uv.lock`.
    ///
    /// # Errors
    /// The parser's words when it is not TOML.
    pub fn parse(text: &str) -> Result<Self, String> {
        let root: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let packages = root
            .get("package")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        Ok(Self {
            members: packages.filter_map(member).collect(),
        })
    }

    /// What `project`, the package in `folder`, has come to ask for or ask no more since the lock was written: names, in
    /// order. A package that the lock does not have is not judged.
    pub fn changes(&self, folder: &str, project: &Project) -> BTreeSet<String> {
        let Some(member) = self.members.values().find(|member| member.folder == folder) else {
            return BTreeSet::new();
        };
        let asked = project.demands.iter();
        let new = asked.filter(|asked| !member.demands.iter().any(|known| known.answers(asked)));
        let known = member.demands.iter().filter(|_| !project.is_dynamic);
        let gone = known.filter(|known| !project.demands.iter().any(|asked| known.answers(asked)));
        let names = new.chain(gone).map(|demand| demand.name.clone());
        // uv resolves a project's extras of itself (`all = ["app[a,b]"]`) away.
        names
            .filter(|name| project.name.as_deref().map(normalised).as_ref() != Some(name))
            .collect()
    }
}

fn member(package: &Value) -> Option<(String, Member)> {
    let package = package.as_table()?;
    let source = package.get("source")?.as_table()?;
    let folder = ["editable", "virtual", "directory"]
        .iter()
        .find_map(|kind| source.get(*kind)?.as_str())?;
    let metadata = package.get("metadata").and_then(Value::as_table);
    let requires = metadata.and_then(|metadata| metadata.get("requires-dist")?.as_array());
    let groups = metadata.and_then(|metadata| metadata.get("requires-dev")?.as_table());
    let groups = groups
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_array);
    let entries = requires.into_iter().chain(groups).flatten();
    let member = Member {
        folder: folder.to_owned(),
        demands: entries.filter_map(demand).collect(),
    };
    Some((package.get("name")?.as_str()?.to_owned(), member))
}

fn demand(entry: &Value) -> Option<Demand> {
    let entry = entry.as_table()?;
    let specifier = entry.get("specifier").and_then(Value::as_str).unwrap_or_default();
    let has_origin = ORIGINS.iter().any(|key| entry.contains_key(*key));
    Some(Demand {
        name: entry.get("name")?.as_str()?.to_owned(),
        versions: if has_origin { None } else { versions(specifier) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 1
[[package]]
name = "app"
version = "0.1.0"
source = { editable = "." }
[package.metadata]
requires-dist = [
    { name = "fastapi", specifier = ">=0.1" },
    { name = "lib", editable = "packages/lib" },
    { name = "sniffio", marker = "extra == 'x'", specifier = "==1.3.1" },
]
[package.metadata.requires-dev]
dev = [{ name = "pytest" }]
[[package]]
name = "lib"
source = { editable = "packages/lib" }
[[package]]
name = "fastapi"
version = "1"
source = { registry = "https://index.test/simple" }
"#;

    fn changes(dependencies: &str) -> Vec<String> {
        let text = format!(
            "[project]\nname='app'\ndependencies=[{dependencies}]\n[project.optional-dependencies]\n\
             x=['sniffio==1.3.1']\nall=['app[x]']\n[dependency-groups]\ndev=['pytest']\n"
        );
        let changes = UvLock::parse(LOCK)
            .unwrap()
            .changes(".", &Project::parse(&text).unwrap());
        changes.into_iter().collect()
    }

    #[test]
    fn members_and_their_folders_are_found() {
        let lock = UvLock::parse(LOCK).unwrap();
        assert_eq!(lock.members.keys().collect::<Vec<_>>(), ["app", "lib"]);
        assert_eq!(lock.members["lib"].folder, "packages/lib");
    }

    #[test]
    fn a_lock_that_was_made_of_the_project_is_current() {
        assert_eq!(changes("'lib>=1', 'FastAPI >= 0.1'"), [""; 0]);
    }

    #[test]
    fn new_changed_and_lost_dependencies_make_a_lock_old() {
        assert_eq!(changes("'lib', 'fastapi>=0.1', 'httpx'"), ["httpx"]);
        assert_eq!(changes("'lib', 'fastapi>=0.2'"), ["fastapi"]);
        assert_eq!(changes("'lib'"), ["fastapi"]);
    }

    #[test]
    fn what_the_lock_does_not_have_is_not_judged() {
        let lock = UvLock::parse(LOCK).unwrap();
        assert!(lock.changes("packages/other", &Project::default()).is_empty());
    }
}
