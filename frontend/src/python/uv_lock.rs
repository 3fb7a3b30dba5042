//! What modelcrate needs of a `uv.lock`: the workspace's members, and whether it knows what the project asks for.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

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
    /// Names that it required when the lock was written.
    pub requires: BTreeSet<String>,
}

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

    /// The names that `dependencies` of the package in `folder` has and the lock does not know.
    pub fn unknown<'a>(&self, folder: &str, dependencies: &'a BTreeSet<String>) -> Vec<&'a str> {
        let Some(member) = self.members.values().find(|member| member.folder == folder) else {
            return Vec::new();
        };
        dependencies
            .iter()
            .filter(|name| !member.requires.contains(*name))
            .map(String::as_str)
            .collect()
    }
}

fn member(package: &Value) -> Option<(String, Member)> {
    let package = package.as_table()?;
    let source = package.get("source")?.as_table()?;
    let folder = ["editable", "virtual", "directory"]
        .iter()
        .find_map(|kind| source.get(*kind)?.as_str())?;
    let requires = package
        .get("metadata")
        .and_then(|metadata| metadata.get("requires-dist")?.as_array());
    let name = |entry: &Value| Some(entry.as_table()?.get("name")?.as_str()?.to_owned());
    let requires = requires.into_iter().flatten().filter_map(name).collect();
    Some((
        package.get("name")?.as_str()?.to_owned(),
        Member {
            folder: folder.to_owned(),
            requires,
        },
    ))
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
requires-dist = [{ name = "fastapi", specifier = ">=0.1" }]
[[package]]
name = "lib"
source = { editable = "packages/lib" }
[[package]]
name = "fastapi"
version = "1"
source = { registry = "https://index.test/simple" }
"#;

    #[test]
    fn members_and_their_folders_are_found() {
        let lock = UvLock::parse(LOCK).unwrap();
        assert_eq!(lock.members.keys().collect::<Vec<_>>(), ["app", "lib"]);
        assert_eq!(lock.members["lib"].folder, "packages/lib");
    }

    #[test]
    fn a_dependency_that_the_lock_has_never_seen_is_named() {
        let lock = UvLock::parse(LOCK).unwrap();
        let dependencies = ["fastapi".to_owned(), "httpx".to_owned()].into();
        assert_eq!(lock.unknown(".", &dependencies), ["httpx"]);
        assert_eq!(lock.unknown("packages/other", &dependencies), [""; 0]);
    }
}
