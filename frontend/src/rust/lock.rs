//! What modelcrate needs of a `Cargo.lock`.

use std::collections::BTreeSet;

use toml::{Table, Value};

/// A lock.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CargoLock {
    table: Table,
}

/// A package of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedCrate<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Where it comes from, `registry+https://…`; a folder of the project when `None`.
    pub source: Option<&'a str>,
    /// SHA-256 of its archive, where it comes from a registry.
    pub checksum: Option<&'a str>,
}

impl CargoLock {
    /// Reads the text of a `Cargo.lock`.
    ///
    /// # Errors
    /// The parser's words when it is not TOML.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table = text
            .parse()
            .map_err(|error: toml::de::Error| error.message().to_owned())?;
        Ok(Self { table })
    }

    /// The version of the format; the first two do not say it.
    pub fn format(&self) -> i64 {
        self.table.get("version").and_then(Value::as_integer).unwrap_or(2)
    }

    /// Every package.
    pub fn crates(&self) -> impl Iterator<Item = LockedCrate<'_>> {
        self.entries().filter_map(locked)
    }

    /// Hosts of git repositories that are read over http or https.
    pub fn git_hosts(&self) -> BTreeSet<&str> {
        let sources = self.crates().filter_map(|locked| locked.source);
        sources.filter_map(http_host).collect()
    }

    /// Repositories, as cargo names their folders, and the commits that are used of them.
    pub fn git_commits(&self) -> BTreeSet<(String, &str)> {
        let sources = self.crates().filter_map(|locked| locked.source);
        sources.filter_map(repository).collect()
    }

    /// Whether a repository is read over ssh.
    pub fn has_ssh(&self) -> bool {
        self.crates().any(|locked| {
            locked
                .source
                .is_some_and(|source| source.starts_with("git+ssh://"))
        })
    }

    /// Packages of the project's own that others' packages depend on: they were patched.
    pub fn patched(&self) -> BTreeSet<&str> {
        let own: BTreeSet<&str> = self
            .crates()
            .filter(|locked| locked.source.is_none())
            .map(|locked| locked.name)
            .collect();
        let others = self.entries().filter(|entry| entry.contains_key("source"));
        let needed = others
            .filter_map(|entry| entry.get("dependencies")?.as_array())
            .flatten();
        needed
            .filter_map(|dependency| dependency.as_str()?.split(' ').next())
            .filter(|name| own.contains(name))
            .collect()
    }

    /// The text of the lock with another version for some of the project's own packages.
    pub fn with_version(&self, version: &str, names: &BTreeSet<&str>) -> String {
        let mut table = self.table.clone();
        let packages = table.get_mut("package").and_then(Value::as_array_mut);
        for entry in packages.into_iter().flatten().filter_map(Value::as_table_mut) {
            let own =
                locked(entry).is_some_and(|locked| locked.source.is_none() && names.contains(locked.name));
            if own {
                entry.insert("version".into(), version.into());
            }
            let needed = entry.get_mut("dependencies").and_then(Value::as_array_mut);
            for dependency in needed.into_iter().flatten() {
                *dependency = self
                    .renamed(dependency.as_str().unwrap_or_default(), version, names)
                    .into();
            }
        }
        table.to_string()
    }

    /// `name` or `name version` or `name version (source)`, as a lock refers to its packages.
    fn renamed(&self, dependency: &str, version: &str, names: &BTreeSet<&str>) -> String {
        let mut words = dependency.split(' ');
        let (name, old) = (words.next().unwrap_or_default(), words.next());
        let is_own = |locked: LockedCrate<'_>| {
            locked.source.is_none() && locked.name == name && Some(locked.version) == old
        };
        if words.next().is_none() && names.contains(name) && self.crates().any(is_own) {
            format!("{name} {version}")
        } else {
            dependency.to_owned()
        }
    }

    fn entries(&self) -> impl Iterator<Item = &Table> {
        let packages = self.table.get("package").and_then(Value::as_array);
        packages.into_iter().flatten().filter_map(Value::as_table)
    }
}

fn locked(entry: &Table) -> Option<LockedCrate<'_>> {
    Some(LockedCrate {
        name: entry.get("name")?.as_str()?,
        version: entry.get("version")?.as_str()?,
        source: entry.get("source").and_then(Value::as_str),
        checksum: entry.get("checksum").and_then(Value::as_str),
    })
}

/// `github.com` of `git+https://github.com/owner/name?rev=…#…`.
fn http_host(source: &str) -> Option<&str> {
    let url = source.strip_prefix("git+")?;
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split('/').next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next().unwrap_or(host))
}

/// `name` and commit of `git+https://github.com/owner/Name.git?rev=…#…` (cargo `sources/git/source.rs`, `ident`, and
/// `util/canonical_url.rs`).
fn repository(source: &str) -> Option<(String, &str)> {
    let (url, commit) = source.strip_prefix("git+")?.split_once('#')?;
    let url = url.split('?').next()?.trim_end_matches('/');
    let name = url.strip_suffix(".git").unwrap_or(url).rsplit('/').next()?;
    let name = match name {
        "" => "_empty".to_owned(),
        name if url.contains("://github.com/") => name.to_lowercase(),
        name => name.to_owned(),
    };
    Some((name, commit))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "app"
version = "1.2.3"
dependencies = ["core 1.2.3", "core 9.0.0", "serde", "private"]

[[package]]
name = "core"
version = "1.2.3"

[[package]]
name = "core"
version = "9.0.0"
source = "registry+https://index.example/crates"

[[package]]
name = "ring"
version = "0.17.0"

[[package]]
name = "serde"
version = "1.0.0"
source = "registry+https://index.example/crates"
dependencies = ["ring"]

[[package]]
name = "private"
version = "0.1.0"
source = "git+https://me@git.example.com:8443/private.git?rev=1#1234"
"#;

    #[test]
    fn a_lock_says_where_git_is_and_what_is_patched() {
        let lock = CargoLock::parse(LOCK).unwrap();
        assert_eq!(lock.format(), 4);
        assert_eq!(Vec::from_iter(lock.git_hosts()), ["git.example.com"]);
        assert_eq!(Vec::from_iter(lock.patched()), ["ring"]);
        assert_eq!(
            Vec::from_iter(lock.git_commits()),
            [("private".to_owned(), "1234")]
        );
        assert_eq!(
            repository("git+http://a.test/.git#12"),
            Some(("_empty".to_owned(), "12"))
        );
        assert!(!lock.has_ssh());
    }

    #[test]
    fn own_versions_can_be_taken_out_of_a_lock() {
        let lock = CargoLock::parse(LOCK).unwrap();
        let text = lock.with_version("0.0.0", &BTreeSet::from(["app", "core"]));
        let changed = CargoLock::parse(&text).unwrap();
        let versions: Vec<(&str, &str)> = changed
            .crates()
            .map(|locked| (locked.name, locked.version))
            .collect();
        assert_eq!(
            versions,
            [
                ("app", "0.0.0"),
                ("core", "0.0.0"),
                ("core", "9.0.0"),
                ("ring", "0.17.0"),
                ("serde", "1.0.0"),
                ("private", "0.1.0"),
            ]
        );
        assert!(text.contains("\"core 0.0.0\", \"core 9.0.0\""), "{text}");
    }
}
