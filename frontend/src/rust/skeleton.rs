//! Skeletons: sources of a workspace that say which dependencies there are, and nothing else.
//!
//! Dependencies are compiled on them, so that what is compiled depends on manifests and lock alone. What says nothing
//! about dependencies is left out of the manifests, the packages' own versions too: they change with every release.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::manifest::DEPENDENCIES;
use super::{Manifest, Workspace};
use crate::python::joined;

/// The version of every package of a skeleton.
const VERSION: &str = "0.0.0";
/// Keys of `[package]` that change what is compiled of the dependencies, or that cargo insists on.
const PACKAGE: [&str; 6] = [
    "name",
    "edition",
    "rust-version",
    "links",
    "resolver",
    "workspace",
];
/// Keys of `[lib]` that change how dependencies are compiled.
const LIBRARY: [&str; 5] = ["name", "proc-macro", "proc_macro", "crate-type", "crate_type"];
/// Tables that are kept as they are.
const WHOLE: [&str; 4] = ["cargo-features", "features", "profile", "patch"];

/// A file of a skeleton.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SkeletonFile {
    /// Its path, relative to the context.
    pub path: String,
    /// All of it.
    pub text: String,
}

impl Workspace {
    /// What dependencies are compiled on: every package that is not [`real`](Self::real) as a skeleton, and the lock.
    pub fn skeleton(&self, selected: &BTreeSet<&str>) -> Vec<SkeletonFile> {
        let real = self.real();
        // A real package may inherit the version, and others may ask for it.
        let keep = !real.is_empty();
        let mut files = Vec::new();
        let mut names = BTreeSet::new();
        for (folder, manifest) in &self.manifests {
            if !real.contains(folder.as_str()) {
                files.extend(package(
                    folder,
                    manifest,
                    selected.contains(folder.as_str()),
                    keep,
                ));
                names.extend(manifest.name());
            }
        }
        if keep {
            names.clear();
        }
        files.push(SkeletonFile {
            path: joined(&self.root, "Cargo.lock"),
            text: self.lock.with_version(VERSION, &names),
        });
        files.extend(self.settings.iter().map(|(path, text)| SkeletonFile {
            path: path.clone(),
            text: text.clone(),
        }));
        files
    }

    /// What stands for the packages that a program does not need, beside the real sources of the others.
    pub fn rest(&self, needed: &BTreeSet<&str>) -> Vec<SkeletonFile> {
        let unneeded = self
            .manifests
            .iter()
            .filter(|(folder, manifest)| manifest.name().is_some() && !needed.contains(folder.as_str()));
        unneeded
            .flat_map(|(folder, manifest)| package(folder, manifest, false, true))
            .collect()
    }
}

/// The files of one package; the root of a workspace may be none.
fn package(folder: &str, manifest: &Manifest, programs: bool, keep_versions: bool) -> Vec<SkeletonFile> {
    let file = |name: &str, text: &str| SkeletonFile {
        path: joined(folder, name),
        text: text.to_owned(),
    };
    let mut files = vec![file(
        "Cargo.toml",
        &reduced(manifest, programs, keep_versions).to_string(),
    )];
    if manifest.name().is_none() {
        return files;
    }
    files.push(file("src/lib.rs", ""));
    if programs {
        files.push(file("src/main.rs", "fn main() {}\n"));
    }
    if has_build_script(&manifest.table) {
        files.push(file("build.rs", "fn main() {}\n"));
    }
    files
}

/// The manifest without what says nothing about dependencies.
fn reduced(manifest: &Manifest, programs: bool, keep_versions: bool) -> Table {
    let mut table = Table::new();
    for key in WHOLE {
        copy(&manifest.table, &mut table, key);
    }
    for key in DEPENDENCIES {
        if let Some(list) = manifest.table.get(key) {
            table.insert(key.into(), dependencies(list, keep_versions));
        }
    }
    if let Some(targets) = manifest.table.get("target").and_then(Value::as_table) {
        let targets = targets
            .iter()
            .map(|(name, target)| (name.clone(), of_target(target, keep_versions)));
        table.insert("target".into(), Value::Table(targets.collect()));
    }
    if let Some(workspace) = manifest.table.get("workspace").and_then(Value::as_table) {
        table.insert("workspace".into(), self::workspace(workspace, keep_versions));
    }
    if let Some(name) = manifest.name() {
        table.insert("package".into(), package_table(manifest, keep_versions));
        table.insert("lib".into(), library(manifest));
        if programs {
            let program = [
                ("name", format!("{name}-skeleton")),
                ("path", "src/main.rs".into()),
            ];
            let program = program.map(|(key, value)| (key.to_owned(), Value::String(value)));
            table.insert("bin".into(), vec![Value::Table(Table::from_iter(program))].into());
        }
    }
    table
}

fn package_table(manifest: &Manifest, keep_version: bool) -> Value {
    let mut table = Table::new();
    let written = manifest
        .table
        .get("package")
        .or_else(|| manifest.table.get("project"));
    if let Some(written) = written.and_then(Value::as_table) {
        for key in PACKAGE {
            copy(written, &mut table, key);
        }
        copy(written, &mut table, "version");
        normalise(&mut table, keep_version);
    }
    for key in ["autobins", "autoexamples", "autotests", "autobenches"] {
        table.insert(key.into(), false.into());
    }
    let build = match has_build_script(&manifest.table) {
        true => Value::from("build.rs"),
        false => false.into(),
    };
    table.insert("build".into(), build);
    Value::Table(table)
}

/// Another version, unless it is inherited.
fn normalise(table: &mut Table, keep: bool) {
    if let Some(version) = table
        .get_mut("version")
        .filter(|version| version.is_str() && !keep)
    {
        *version = VERSION.into();
    }
}

fn library(manifest: &Manifest) -> Value {
    let mut table = Table::new();
    if let Some(written) = manifest.table.get("lib").and_then(Value::as_table) {
        for key in LIBRARY {
            copy(written, &mut table, key);
        }
    }
    table.insert("path".into(), "src/lib.rs".into());
    Value::Table(table)
}

fn workspace(written: &Table, keep_versions: bool) -> Value {
    let mut table = written.clone();
    table.remove("metadata");
    if let Some(list) = written.get("dependencies") {
        table.insert("dependencies".into(), dependencies(list, keep_versions));
    }
    if let Some(package) = table.get_mut("package").and_then(Value::as_table_mut) {
        normalise(package, keep_versions);
    }
    Value::Table(table)
}

fn of_target(target: &Value, keep_versions: bool) -> Value {
    let lists = target
        .as_table()
        .into_iter()
        .flatten()
        .filter(|(key, _)| DEPENDENCIES.contains(&key.as_str()))
        .map(|(key, list)| (key.clone(), dependencies(list, keep_versions)));
    Value::Table(lists.collect())
}

/// Local dependencies without the versions that they are asked for in.
fn dependencies(list: &Value, keep_versions: bool) -> Value {
    let mut list = list.clone();
    for dependency in list.as_table_mut().into_iter().flat_map(Table::iter_mut) {
        if let Some(dependency) = dependency.1.as_table_mut()
            && dependency.contains_key("path")
            && !keep_versions
        {
            dependency.remove("version");
        }
    }
    list
}

/// Whether dependencies are compiled for a build script, or cargo insists on one.
fn has_build_script(manifest: &Table) -> bool {
    let has =
        |table: &Table| table.contains_key("build-dependencies") || table.contains_key("build_dependencies");
    let targets = manifest.get("target").and_then(Value::as_table);
    let links = manifest
        .get("package")
        .is_some_and(|package| package.get("links").is_some());
    links
        || has(manifest)
        || targets
            .into_iter()
            .flat_map(Table::values)
            .filter_map(Value::as_table)
            .any(has)
}

fn copy(from: &Table, to: &mut Table, key: &str) {
    if let Some(value) = from.get(key) {
        to.insert(key.into(), value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::workspace::tests::workspace;
    use super::*;

    const APP: &str = "\
        [package]\nname = 'app'\nversion = '1.2.3'\nedition = '2021'\ndescription = 'An app'\n\
        [lib]\nname = 'app_core'\npath = 'lib/app.rs'\ncrate-type = ['cdylib']\n\
        [[bin]]\nname = 'appd'\npath = 'programs/appd.rs'\n\
        [features]\ndefault = ['tls']\ntls = []\n\
        [dependencies]\nmacros = { path = 'macros', version = '=1.2.3' }\nserde = '1'\n\
        [target.'cfg(unix)'.build-dependencies]\ncc = '1'\n\
        [package.metadata.x]\ny = 1\n[lints.rust]\nunsafe_code = 'deny'\n";

    fn text_of(files: &[SkeletonFile]) -> String {
        let file = |file: &SkeletonFile| format!("== {}\n{}\n", file.path, file.text);
        files.iter().map(file).collect()
    }

    #[test]
    fn a_skeleton_says_which_dependencies_there_are_and_nothing_else() {
        let workspace = workspace(&[
            ("", APP),
            (
                "macros",
                "[package]\nname = 'macros'\nversion = '1.2.3'\n[lib]\nproc-macro = true\n",
            ),
        ]);
        let selected = workspace.selected(None);
        insta::assert_snapshot!(text_of(&workspace.skeleton(&selected)));
    }

    #[test]
    fn a_release_or_an_edit_of_the_rest_leaves_the_skeleton_as_it_is() {
        let before = workspace(&[("", APP)]);
        let after = APP
            .replace("1.2.3", "1.3.0")
            .replace("An app", "The app")
            .replace("programs/appd.rs", "src/appd.rs")
            .replace("deny", "forbid");
        let after = workspace(&[("", &after)]);
        let skeleton = |of: &Workspace| of.skeleton(&of.selected(None));
        assert_eq!(skeleton(&before), skeleton(&after));
        let other = workspace(&[("", &APP.replace("serde = '1'", "serde = '2'"))]);
        assert_ne!(skeleton(&before), skeleton(&other));
    }

    #[test]
    fn what_a_program_does_not_need_has_its_versions() {
        let workspace = workspace(&[
            ("", "[workspace]\nmembers = ['a', 'b']\n"),
            ("a", "[package]\nname = 'a'\nversion = '1.2.3'\n"),
            ("b", "[package]\nname = 'b'\nversion = '4.5.6'\n"),
        ]);
        let needed = workspace.needed(&workspace.selected(Some("a")));
        let rest = workspace.rest(&needed);
        let paths: Vec<&str> = rest.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["b/Cargo.toml", "b/src/lib.rs"]);
        assert!(rest[0].text.contains("version = \"4.5.6\""), "{}", rest[0].text);
    }
}
