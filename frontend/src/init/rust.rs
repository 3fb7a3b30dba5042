//! The Rust half of a first spec.

use toml::{Table, Value};

use super::folder::{Folder, parent};
use super::packages;

/// Programs of a cargo workspace, and what they need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rust {
    /// The folder of the root manifest.
    pub path: String,
    /// Packages that have a program.
    pub packages: Vec<String>,
    /// Debian packages for compiling.
    pub compile: Vec<&'static str>,
    /// Debian packages for running.
    pub run: Vec<&'static str>,
    /// What the first package says of itself.
    pub description: Option<String>,
}

/// Reads it, where there is a lock and a package with a program.
pub(super) fn rust(folder: &Folder) -> Option<Rust> {
    let (path, lock) = folder.nearest("Cargo.lock")?;
    let root = parent(path);
    let below = |path: &str| root == "." || path.starts_with(&format!("{root}/"));
    let manifests = folder
        .files
        .iter()
        .filter(|(path, _)| path.ends_with("Cargo.toml") && below(path));
    let mut found: Vec<(String, Option<String>)> = manifests
        .filter_map(|(path, text)| program(folder, path, text))
        .collect();
    found.sort();
    let description = found.first()?.1.clone();
    let (compile, run) = packages::of_crates(lock);
    Some(Rust {
        path: root.to_owned(),
        packages: found.into_iter().map(|(name, _)| name).collect(),
        compile,
        run,
        description,
    })
}

/// Name and description of a package that has a program.
fn program(folder: &Folder, path: &str, text: &str) -> Option<(String, Option<String>)> {
    let manifest: Table = text.parse().ok()?;
    let package = manifest.get("package")?.as_table()?;
    let at = match parent(path) {
        "." => String::new(),
        folder => format!("{folder}/"),
    };
    let has_main = folder.text(&format!("{at}src/main.rs")).is_some();
    let has_more = folder
        .files
        .keys()
        .any(|path| path.starts_with(&format!("{at}src/bin/")));
    (has_main || has_more || manifest.contains_key("bin")).then_some(())?;
    let text = |key: &str| package.get(key).and_then(Value::as_str).map(str::to_owned);
    Some((text("name")?, text("description")))
}
