//! What cargo sees of the context: skeletons, and the sources that a step really needs.

use std::collections::BTreeSet;

use super::super::{Action, CopyAction, FileAction, MTIME, On, Step, StepId, Steps, Tree};
use super::Entry;
use crate::python::joined;
use crate::rust::SkeletonFile;

/// Where the context lies in the steps.
pub(super) const BUILD: &str = "/build";

/// Folders and files that no compiler reads but that change all the time.
const NOISE: [&str; 6] = [
    "**/.git",
    "**/.venv",
    "**/node_modules",
    "**/__pycache__",
    "**/.DS_Store",
    "**/*.rs.bk",
];

impl Entry<'_> {
    /// The packages that the entry compiles, by folder.
    pub fn selected(&self) -> BTreeSet<&str> {
        let package = self.rust.package.as_ref();
        self.workspace
            .selected(package.map(|package| package.value.as_str()))
    }

    /// What dependencies are downloaded and compiled on.
    pub fn skeleton(&self, steps: &mut Steps) -> Tree {
        let mut tree = vec![self.files(
            steps,
            "manifests of the workspace",
            &self.workspace.skeleton(&self.selected()),
        )];
        let mut paths: Vec<String> = self
            .workspace
            .real()
            .iter()
            .map(|path| (*path).to_owned())
            .collect();
        paths.extend(self.workspace.vendored.iter().cloned());
        if !paths.is_empty() {
            tree.push(self.context(steps, "sources of dependencies", paths, Vec::new()));
        }
        tree
    }

    /// The packages that are compiled as they are, and stand-ins for the rest of the workspace.
    pub fn sources(&self, steps: &mut Steps) -> Tree {
        let needed = self.workspace.needed(&self.selected());
        let rest = self.workspace.rest(&needed);
        let mut paths: Vec<String> = needed.iter().map(|folder| (*folder).to_owned()).collect();
        paths.extend(["Cargo.lock", "Cargo.toml"].map(|name| joined(&self.workspace.root, name)));
        paths.extend(self.workspace.settings.keys().cloned());
        paths.extend(self.workspace.vendored.iter().cloned());
        paths.extend(self.rust.inputs.iter().map(|input| joined(&input.value, "")));
        let unneeded = self.workspace.manifests.keys().filter(|folder| {
            let is_package = self.workspace.manifests[*folder].name().is_some();
            is_package && !needed.contains(folder.as_str()) && !folder.is_empty()
        });
        let unneeded = unneeded.filter(|folder| !needed.iter().any(|needed| is_below(needed, folder)));
        let mut tree = vec![self.context(
            steps,
            "sources of the programs",
            paths,
            unneeded.cloned().collect(),
        )];
        if !rest.is_empty() {
            tree.push(self.files(steps, "stand-ins for the rest of the workspace", &rest));
        }
        tree
    }

    fn context(
        &self,
        steps: &mut Steps,
        name: &str,
        mut paths: Vec<String>,
        unneeded: Vec<String>,
    ) -> StepId {
        if paths.iter().any(String::is_empty) {
            paths.clear();
        }
        paths.sort();
        paths.dedup();
        let mut exclude: Vec<String> = NOISE.iter().map(|pattern| (*pattern).to_owned()).collect();
        exclude.extend(
            self.workspace
                .manifests
                .keys()
                .map(|folder| joined(folder, "target")),
        );
        exclude.extend(unneeded);
        exclude.extend(self.rust.exclude.iter().cloned());
        exclude.extend(self.facts.exclude.iter().cloned());
        let from = steps.add(Step {
            stage: "rust",
            name: name.into(),
            span: self.rust.span,
            platform: On::Any,
            action: Action::Context { paths, exclude },
        });
        let copy = FileAction::Copy(CopyAction {
            from,
            source: "/".into(),
            dest: BUILD.into(),
            owner: None,
            mode: None,
            exclude: Vec::new(),
        });
        self.step(steps, format!("take {name}"), On::Any, Action::Files(vec![copy]))
    }

    fn files(&self, steps: &mut Steps, name: &str, files: &[SkeletonFile]) -> StepId {
        let folders: BTreeSet<&str> = files
            .iter()
            .filter_map(|file| file.path.rsplit_once('/').map(|(folder, _)| folder))
            .collect();
        let path = |path: &str| format!("{BUILD}/{path}");
        let mut actions: Vec<FileAction> = std::iter::once(BUILD.to_owned())
            .chain(folders.into_iter().map(path))
            .map(|path| FileAction::Folder {
                path,
                mode: 0o755,
                owner: None,
            })
            .collect();
        actions.extend(files.iter().map(|file| FileAction::File {
            path: path(&file.path),
            mode: 0o644,
            text: file.text.clone(),
        }));
        self.step(steps, format!("write {name}"), On::Any, Action::Files(actions))
    }
}

/// Whether `folder` holds a package that is needed, `.` being all.
fn is_below(needed: &str, folder: &str) -> bool {
    needed
        .strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// The time of sources, as an argument of scripts.
pub(super) fn mtime() -> String {
    MTIME.to_string()
}
