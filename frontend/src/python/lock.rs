//! A `pylock.toml` (PEP 751) as uv writes it.

use toml::{Table, Value};

use super::Environment;
use super::wheel::fits;

/// The packages that a target needs, pinned.
#[derive(Debug, Clone, PartialEq)]
pub struct Lock {
    /// Everything but the packages, as it stands in the file.
    pub header: Table,
    /// In the order of the file: by name.
    pub packages: Vec<Package>,
}

/// One pinned package.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// Normalised name.
    pub name: String,
    /// Version; a local folder has none.
    pub version: Option<String>,
    /// When it is installed.
    pub marker: Option<String>,
    /// URL of the index that it came from.
    pub index: Option<String>,
    /// Where its files are.
    pub origin: Origin,
    /// The entry as it stands in the file.
    pub entry: Table,
}

/// Where the files of a package are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An index: file names and sizes of its wheels, and whether it has a source distribution.
    Index {
        /// Its wheels.
        wheels: Vec<Wheel>,
        /// Whether there are sources.
        has_sdist: bool,
    },
    /// A file at a URL.
    Url(String),
    /// A file in the context, relative to the project.
    File(String),
    /// A folder in the context, relative to the project.
    Folder(String),
    /// A commit of a git repository.
    Git {
        /// URL.
        url: String,
        /// The commit in full.
        commit: String,
        /// A folder in it.
        subdirectory: Option<String>,
    },
}

/// A wheel of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wheel {
    /// File name.
    pub name: String,
    /// Bytes, where the lock knows.
    pub size: Option<u64>,
}

impl Package {
    fn of(entry: Value) -> Result<Self, String> {
        match entry {
            Value::Table(entry) => Self::read(entry),
            _ => Err("a package is not a table".into()),
        }
    }

    /// Reads an entry of the file.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn read(entry: Table) -> Result<Self, String> {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let name = text("name").ok_or("a package has no name")?;
        let origin =
            origin(&entry).ok_or_else(|| format!("the origin of package `{name}` is of an unknown kind"))?;
        Ok(Self {
            version: text("version"),
            marker: text("marker"),
            index: text("index"),
            origin,
            name,
            entry,
        })
    }

    /// Bytes of its largest wheel that fits, where the lock knows.
    pub fn wheel_size(&self, environment: &Environment) -> Option<u64> {
        let Origin::Index { wheels, .. } = &self.origin else {
            return None;
        };
        let fitting = wheels.iter().filter(|wheel| fits(&wheel.name, environment));
        fitting.filter_map(|wheel| wheel.size).max()
    }

    /// SHA-256 of the wheels that fit, of the sources where none does, sorted.
    pub fn sha256(&self, environment: &Environment) -> Vec<String> {
        let wheels = self.entry.get("wheels").and_then(Value::as_array);
        let fitting = wheels
            .into_iter()
            .flatten()
            .filter(|file| wheel(file).is_some_and(|wheel| fits(&wheel.name, environment)));
        let mut found: Vec<String> = fitting.filter_map(sha256).collect();
        if found.is_empty() {
            let others = ["sdist", "archive"].into_iter();
            found = others.filter_map(|key| sha256(self.entry.get(key)?)).collect();
        }
        found.sort();
        found.dedup();
        found
    }

    /// The addresses of its files.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        let wheels = self
            .entry
            .get("wheels")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let others = ["sdist", "archive"]
            .into_iter()
            .filter_map(|key| self.entry.get(key));
        wheels
            .chain(others)
            .filter_map(|file| file.as_table()?.get("url")?.as_str())
    }
}

impl Lock {
    /// The packages that are installed in `environment`.
    pub fn installed(&self, environment: &Environment) -> impl Iterator<Item = &Package> {
        let packages = self.packages.iter();
        packages.filter(|package| environment.accepts(package.marker.as_deref()))
    }

    /// Reads what `uv export --format pylock.toml` printed.
    ///
    /// # Errors
    /// What is wrong with it, in words; that would be our bug or a newer format.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut header: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let packages = match header.remove("packages") {
            Some(Value::Array(entries)) => entries.into_iter().map(Package::of).collect::<Result<_, _>>()?,
            _ => Vec::new(),
        };
        Ok(Self { header, packages })
    }
}

fn origin(entry: &Table) -> Option<Origin> {
    let table = |key: &str| entry.get(key).and_then(Value::as_table);
    let text = |table: &Table, key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(vcs) = table("vcs") {
        return Some(Origin::Git {
            url: text(vcs, "url")?,
            commit: text(vcs, "commit-id")?,
            subdirectory: text(vcs, "subdirectory"),
        });
    }
    if let Some(folder) = table("directory") {
        return Some(Origin::Folder(text(folder, "path")?));
    }
    if let Some(archive) = table("archive") {
        return text(archive, "url")
            .map(Origin::Url)
            .or_else(|| text(archive, "path").map(Origin::File));
    }
    let wheels = entry.get("wheels").and_then(Value::as_array);
    let wheels = wheels
        .map(|wheels| wheels.iter().filter_map(wheel).collect())
        .unwrap_or_default();
    Some(Origin::Index {
        wheels,
        has_sdist: entry.contains_key("sdist"),
    })
}

fn sha256(file: &Value) -> Option<String> {
    let hashes = file.as_table()?.get("hashes")?.as_table()?;
    Some(hashes.get("sha256")?.as_str()?.to_owned())
}

fn wheel(value: &Value) -> Option<Wheel> {
    let table = value.as_table()?;
    let text = |key: &str| table.get(key).and_then(Value::as_str);
    let name = text("name").or_else(|| last_segment(text("url")?))?;
    let size = table
        .get("size")
        .and_then(Value::as_integer)
        .and_then(|size| u64::try_from(size).ok());
    Some(Wheel {
        name: percent_decoded(name),
        size,
    })
}

/// The file name in a URL or path.
fn last_segment(url: &str) -> Option<&str> {
    url.split(['?', '#']).next()?.rsplit('/').next()
}

/// A local version's `+` is written `%2B` in URLs.
fn percent_decoded(name: &str) -> String {
    name.replace("%2B", "+").replace("%2b", "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_origin_that_uv_writes_is_read() {
        let lock = Lock::parse(
            r#"
lock-version = "1.0"
created-by = "uv"
requires-python = ">=3.11"

[[packages]]
name = "numpy"
version = "2.0"
index = "https://index.test/simple"
sdist = { url = "https://files.test/numpy-2.0.tar.gz", hashes = { sha256 = "00" } }
wheels = [{ url = "https://files.test/numpy-2.0%2Bcpu-cp311-cp311-manylinux_2_28_x86_64.whl", size = 7, hashes = { sha256 = "00" } }]

[[packages]]
name = "lib"
directory = { path = "packages/lib", editable = true }

[[packages]]
name = "tool"
vcs = { type = "git", url = "https://git.test/tool", requested-revision = "main", commit-id = "68a2" }

[[packages]]
name = "vendored"
version = "1"
archive = { path = "vendor/vendored-1-py3-none-any.whl", hashes = { sha256 = "00" } }
"#,
        )
        .unwrap();
        let wheel = Wheel {
            name: "numpy-2.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl".into(),
            size: Some(7),
        };
        let origins: Vec<Origin> = lock.packages.into_iter().map(|package| package.origin).collect();
        assert_eq!(
            origins,
            [
                Origin::Index {
                    wheels: vec![wheel],
                    has_sdist: true
                },
                Origin::Folder("packages/lib".into()),
                Origin::Git {
                    url: "https://git.test/tool".into(),
                    commit: "68a2".into(),
                    subdirectory: None
                },
                Origin::File("vendor/vendored-1-py3-none-any.whl".into()),
            ]
        );
    }
}
