//! What the requirements files of one target say about single packages, held against what was resolved from them.
//!
//! `uv pip compile` reads `--hash` without looking at it (uv 0.13), so the promise is kept here.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::lock::{Lock, Package};
use super::{Environment, Requirements};

/// Pins and hashes of all requirements files of a target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pins {
    pinned: BTreeSet<String>,
    hashes: BTreeMap<String, BTreeSet<String>>,
}

/// A package whose files are not those that the requirements allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unproven {
    /// Other packages have hashes, this one has none.
    NoHash(String),
    /// No file of this package has a hash that is allowed.
    OtherHash(String),
}

impl Pins {
    /// Takes in what one more file says.
    pub fn add(&mut self, requirements: &Requirements) {
        for package in &requirements.packages {
            if package.is_pinned {
                self.pinned.insert(package.name.clone());
            }
            if !package.hashes.is_empty() {
                let hashes = self.hashes.entry(package.name.clone()).or_default();
                hashes.extend(package.hashes.iter().cloned());
            }
        }
    }

    /// The packages that are installed in `environment` in a version that nothing pins.
    pub fn open<'a>(&self, lock: &'a Lock, environment: &Environment) -> Vec<&'a str> {
        let packages = lock.packages.iter();
        packages
            .filter(|package| environment.accepts(package.marker.as_deref()))
            .map(|package| package.name.as_str())
            .filter(|name| !self.pinned.contains(*name))
            .collect()
    }

    /// The lock with none but the files whose hashes are allowed. As in pip, one hash means that each package that is
    /// installed in `environment` has one.
    ///
    /// # Errors
    /// Every package that has no such file.
    pub fn hold(&self, lock: Lock, environment: &Environment) -> Result<Lock, Vec<Unproven>> {
        if self.hashes.is_empty() {
            return Ok(lock);
        }
        let mut unproven = Vec::new();
        let mut packages = Vec::new();
        for package in lock.packages {
            if !environment.accepts(package.marker.as_deref()) {
                continue;
            }
            match self.held(package) {
                Ok(package) => packages.push(package),
                Err(package) => unproven.push(package),
            }
        }
        let header = lock.header;
        if unproven.is_empty() {
            Ok(Lock { header, packages })
        } else {
            Err(unproven)
        }
    }

    fn held(&self, package: Package) -> Result<Package, Unproven> {
        let Some(allowed) = self.hashes.get(&package.name) else {
            return Err(Unproven::NoHash(package.name));
        };
        let name = package.name;
        let mut entry = package.entry;
        for key in ["sdist", "archive"] {
            if entry.get(key).is_some_and(|file| !is_allowed(file, allowed)) {
                entry.remove(key);
            }
        }
        if let Some(Value::Array(wheels)) = entry.get_mut("wheels") {
            wheels.retain(|wheel| is_allowed(wheel, allowed));
        }
        if !has_file(&entry) {
            return Err(Unproven::OtherHash(name));
        }
        Package::read(entry).map_err(|_| Unproven::OtherHash(name))
    }
}

fn has_file(entry: &Table) -> bool {
    let wheels = entry.get("wheels").and_then(Value::as_array);
    let has_wheels = wheels.is_some_and(|wheels| !wheels.is_empty());
    has_wheels || entry.contains_key("sdist") || entry.contains_key("archive")
}

/// Whether one of the file's own hashes is among `allowed`.
fn is_allowed(file: &Value, allowed: &BTreeSet<String>) -> bool {
    let hashes = file.get("hashes").and_then(Value::as_table);
    hashes.into_iter().flatten().any(|(algorithm, digest)| {
        digest
            .as_str()
            .is_some_and(|digest| allowed.contains(&format!("{algorithm}:{digest}")))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{PythonVersion, requirements};
    use super::*;

    const LOCK: &str = r#"
[[packages]]
name = "idna"
version = "3.7"
sdist = { url = "https://files.test/idna-3.7.tar.gz", hashes = { sha256 = "aa" } }
wheels = [
  { url = "https://files.test/idna-3.7-py3-none-any.whl", hashes = { sha256 = "bb" } },
  { url = "https://files.test/idna-3.7-1-py3-none-any.whl", hashes = { sha256 = "cc" } },
]
[[packages]]
name = "colorama"
version = "1"
marker = "sys_platform == 'win32'"
wheels = [{ url = "https://files.test/colorama-1-py3-none-any.whl", hashes = { sha256 = "dd" } }]
"#;

    fn environment() -> Environment {
        Environment::linux(PythonVersion::parse("3.11").unwrap(), "amd64").unwrap()
    }

    fn held(text: &str) -> Result<Lock, Vec<Unproven>> {
        let mut pins = Pins::default();
        pins.add(&requirements("requirements.txt", text));
        pins.hold(Lock::parse(LOCK).unwrap(), &environment())
    }

    #[test]
    fn only_files_with_an_allowed_hash_are_kept() {
        let lock = held("idna==3.7 --hash=sha256:bb").unwrap();
        let urls: Vec<&str> = lock.packages.iter().flat_map(Package::urls).collect();
        assert_eq!(urls, ["https://files.test/idna-3.7-py3-none-any.whl"]);
    }

    #[test]
    fn a_hash_that_no_file_has_is_an_error() {
        assert_eq!(
            held("idna==3.7 --hash=sha256:00"),
            Err(vec![Unproven::OtherHash("idna".into())])
        );
    }

    #[test]
    fn a_package_without_a_hash_among_others_is_an_error() {
        let found = held("other==1 --hash=sha256:bb");
        assert_eq!(found, Err(vec![Unproven::NoHash("idna".into())]));
    }

    #[test]
    fn without_hashes_the_lock_stays_as_it_is() {
        assert_eq!(held("idna==3.7"), Ok(Lock::parse(LOCK).unwrap()));
    }

    #[test]
    fn packages_that_came_by_themselves_are_open() {
        let lock = Lock::parse(LOCK).unwrap();
        assert_eq!(Pins::default().open(&lock, &environment()), ["idna"]);
        let mut pins = Pins::default();
        pins.add(&requirements("constraints.txt", "IDNA==3.7"));
        assert_eq!(pins.open(&lock, &environment()), [""; 0]);
    }
}
