//! A cargo workspace of the context: which packages are in it, and which of them a program needs.

use std::collections::{BTreeMap, BTreeSet};

use super::{CargoLock, Manifest, Toolchain};
use crate::python::joined;

/// Everything that was read of a workspace. Folders are relative to the context; the context itself is the empty text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workspace {
    /// Folder of the workspace's root, where `Cargo.lock` is.
    pub root: String,
    /// The folder that the spec names: the root, or a package in it.
    pub folder: String,
    /// Manifests by folder: the root's, the members', and those of every local dependency.
    pub manifests: BTreeMap<String, Manifest>,
    /// The lock.
    pub lock: CargoLock,
    /// The toolchain file.
    pub toolchain: Toolchain,
    /// Texts of cargo's own settings (`.cargo/config.toml`) by path.
    pub settings: BTreeMap<String, String>,
    /// Folders with the sources of others, which those settings name.
    pub vendored: Vec<String>,
}

impl Workspace {
    /// The root's manifest.
    pub fn root_manifest(&self) -> Manifest {
        self.manifests.get(&self.root).cloned().unwrap_or_default()
    }

    /// Names of all packages.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.manifests.values().filter_map(Manifest::name)
    }

    /// The folder of a package.
    pub fn folder_of(&self, name: &str) -> Option<&str> {
        let found = self
            .manifests
            .iter()
            .find(|(_, manifest)| manifest.name() == Some(name));
        found.map(|(folder, _)| folder.as_str())
    }

    /// The packages that a build is about, by folder: the one that is named, else what cargo takes in the folder that
    /// the spec names (`cargo build` without `--package`).
    pub fn selected(&self, package: Option<&str>) -> BTreeSet<&str> {
        if let Some(package) = package {
            return self.folder_of(package).into_iter().collect();
        }
        let here = self.manifests.get_key_value(&self.folder);
        if let Some((folder, _)) = here.filter(|(_, manifest)| manifest.name().is_some()) {
            return BTreeSet::from([folder.as_str()]);
        }
        let defaults: BTreeSet<String> = self
            .root_manifest()
            .folders("default-members")
            .iter()
            .map(|member| joined(&self.root, member))
            .collect();
        let is_default = |folder: &&String| defaults.is_empty() || defaults.contains(*folder);
        let packages = self
            .manifests
            .iter()
            .filter(|(_, manifest)| manifest.name().is_some());
        packages
            .map(|(folder, _)| folder)
            .filter(is_default)
            .map(String::as_str)
            .collect()
    }

    /// These packages and every local one that their programs need.
    pub fn needed<'a>(&'a self, of: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
        let root = self.root_manifest();
        let mut needed: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = of.iter().copied().chain(self.replacing()).collect();
        while let Some(folder) = open.pop() {
            let Some((folder, manifest)) = self.manifests.get_key_value(folder) else {
                continue;
            };
            if !needed.insert(folder) {
                continue;
            }
            let dependencies = manifest.local_dependencies(&root);
            let programs = dependencies.iter().filter(|dependency| !dependency.dev);
            open.extend(programs.filter_map(|dependency| {
                let base = if dependency.inherited { &self.root } else { folder };
                let path = joined(base, &dependency.path);
                self.manifests.get_key_value(&path).map(|(path, _)| path.as_str())
            }));
        }
        needed
    }

    /// Packages that others' packages depend on, by folder, and what they need: their own sources are part of the
    /// dependencies.
    pub fn real(&self) -> BTreeSet<&str> {
        let replacing: BTreeSet<&str> = self.replacing().collect();
        if replacing.is_empty() {
            return replacing;
        }
        self.needed(&replacing)
    }

    /// Packages that take the place of others' (`[patch]`), by folder.
    fn replacing(&self) -> impl Iterator<Item = &str> {
        let patches = self.root_manifest().patches();
        let said: BTreeSet<String> = patches.iter().map(|path| joined(&self.root, path)).collect();
        let patched = self.lock.patched();
        self.manifests
            .iter()
            .filter(move |(folder, manifest)| {
                said.contains(*folder) || manifest.name().is_some_and(|name| patched.contains(name))
            })
            .map(|(folder, _)| folder.as_str())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn workspace(manifests: &[(&str, &str)]) -> Workspace {
        let manifests = manifests
            .iter()
            .map(|(folder, text)| ((*folder).to_owned(), Manifest::parse(text).unwrap()));
        Workspace {
            manifests: manifests.collect(),
            ..Workspace::default()
        }
    }

    fn three() -> Workspace {
        workspace(&[
            (
                "",
                "[workspace]\nmembers = ['crates/*']\n[workspace.dependencies]\ncore = { path = 'crates/core', version = '1.2.3' }\n",
            ),
            (
                "crates/app",
                "[package]\nname = 'app'\nversion = '1.2.3'\n[dependencies]\ncore.workspace = true\n[dev-dependencies]\nother = { path = '../other' }\n",
            ),
            ("crates/core", "[package]\nname = 'core'\nversion = '1.2.3'\n"),
            ("crates/other", "[package]\nname = 'other'\nversion = '1.2.3'\n"),
        ])
    }

    #[test]
    fn a_program_needs_the_packages_that_it_links() {
        let workspace = three();
        let selected = workspace.selected(Some("app"));
        assert_eq!(Vec::from_iter(&selected), [&"crates/app"]);
        let needed = workspace.needed(&selected);
        assert_eq!(Vec::from_iter(needed), ["crates/app", "crates/core"]);
    }

    #[test]
    fn without_a_name_cargo_chooses() {
        let workspace = three();
        assert_eq!(workspace.selected(None).len(), 3);
        let in_member = Workspace {
            folder: "crates/core".into(),
            ..three()
        };
        assert_eq!(Vec::from_iter(in_member.selected(None)), ["crates/core"]);
    }

    #[test]
    fn what_takes_the_place_of_a_dependency_is_real() {
        let mut workspace = three();
        assert!(workspace.real().is_empty());
        workspace.lock = CargoLock::parse(
            "[[package]]\nname = 'other'\nversion = '1.2.3'\n\
             [[package]]\nname = 'serde'\nversion = '1.0.0'\nsource = 'registry+x'\ndependencies = ['other']\n",
        )
        .unwrap();
        assert_eq!(Vec::from_iter(workspace.real()), ["crates/other"]);
    }
}
