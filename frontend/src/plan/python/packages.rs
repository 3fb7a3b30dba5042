//! Packages as layers: a step for each part of the lock, for each git or local package, and for the project.

use super::super::{Action, Exec, Facts, Keep, MTIME, Mount, On, Step, StepId, Steps, script_path};
use super::index::{self, Access};
use super::root::{self, Root};
use crate::check::{Checked, Network, Python, PythonSource};
use crate::python::{Environment, GitSource, LocalSource, Part};

const INSTALL: &str = include_str!("../scripts/install.sh");
const SOURCE: &str = include_str!("../scripts/source.sh");

/// Folders and files that no build of a package reads but that change all the time.
const NOISE: [&str; 10] = [
    "**/.venv",
    "**/__pycache__",
    "**/*.pyc",
    "**/.pytest_cache",
    "**/.mypy_cache",
    "**/.ruff_cache",
    "**/.tox",
    "**/.nox",
    "**/*.egg-info",
    "**/.DS_Store",
];

/// Back ends that read the version from git.
const READS_GIT: [&str; 5] = [
    "setuptools-scm",
    "hatch-vcs",
    "versioningit",
    "uv-dynamic-versioning",
    "poetry-dynamic-versioning",
];

/// What all packages of a target share.
pub(super) struct Packages<'a> {
    pub python: &'a Python,
    pub checked: &'a Checked,
    pub facts: &'a Facts,
}

impl Packages<'_> {
    /// The layer of one part of the lock.
    pub fn part(&self, steps: &mut Steps, part: &Part) -> StepId {
        let root = if part.builds {
            root::build_root(steps, self.checked, self.facts)
        } else {
            root::wheel_root(steps, self.checked, self.facts)
        };
        let file = format!("pylock.{}.toml", part.name);
        let mounts = vec![
            steps.script("python", "install.sh", INSTALL, self.python.span),
            root::text(steps, &file, &part.text, self.python.span),
        ];
        let mut args = vec!["--require-hashes".into()];
        if !part.builds {
            args.push("--no-build".into());
        }
        args.extend(self.foreign(&root));
        args.extend(["-r".into(), root::text_path(&file)]);
        let access = index::access(self.python, self.facts, |url| {
            part.builds
                || part
                    .indexes
                    .iter()
                    .any(|of_package| index::same_index(url, of_package))
        });
        self.step(
            steps,
            root,
            "install.sh",
            args,
            mounts,
            access,
            install_title(part),
        )
    }

    /// The layer of a package in a git repository.
    pub fn git(&self, steps: &mut Steps, source: &GitSource) -> StepId {
        let action = Action::Git {
            url: source.url.clone(),
            commit: source.commit.clone(),
        };
        let name = format!("sources of {}", source.name);
        let from = steps.add(Step {
            stage: "python",
            name,
            span: self.python.span,
            platform: On::Any,
            action,
        });
        let root = self.source_root(steps, false);
        let path = source.subdirectory.as_deref().unwrap_or(".");
        self.source(steps, root, root::source_mount(from, ""), path, &source.name)
    }

    /// The layer of a package in the context.
    pub fn local(&self, steps: &mut Steps, source: &LocalSource) -> StepId {
        let folder = self.folder();
        // The member's own files, and the root's manifest that it may inherit from.
        let paths = vec![joined(folder, &source.path), joined(folder, "pyproject.toml")];
        let mount = self.context(steps, paths, folder);
        let root = self.source_root(steps, false);
        self.source(steps, root, mount, &source.path, &source.name)
    }

    /// The layer of the project itself, when it is a package.
    pub fn project(&self, steps: &mut Steps) -> Option<StepId> {
        let project = self.facts.project.as_ref()?;
        if !project.package.is_package {
            return None;
        }
        let folder = self.folder();
        let whole = matches!(folder, "" | ".") && project.package_folder == ".";
        let paths = match (whole, project.package_folder.as_str()) {
            (true, _) => Vec::new(),
            (false, ".") => vec![folder.to_owned()],
            (false, member) => vec![joined(folder, member), joined(folder, "pyproject.toml")],
        };
        let mount = self.context(steps, paths, folder);
        let root = self.source_root(steps, project.package.compiles());
        let name = project
            .package
            .name
            .clone()
            .unwrap_or_else(|| "the project".into());
        Some(self.source(steps, root, mount, &project.package_folder, &name))
    }

    fn source(&self, steps: &mut Steps, root: Root, files: Mount, path: &str, name: &str) -> StepId {
        let mounts = vec![
            steps.script("python", "source.sh", SOURCE, self.python.span),
            files,
        ];
        let mut args = vec![path.to_owned()];
        args.extend(self.foreign(&root));
        // Build requirements may come from any of the declared indexes.
        let mut access = index::access(self.python, self.facts, |_| true);
        let build_env = self.python.build_env.iter();
        access
            .env
            .extend(build_env.map(|(name, value)| (name.clone(), value.value.clone())));
        self.step(
            steps,
            root,
            "source.sh",
            args,
            mounts,
            access,
            format!("install {name}"),
        )
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one step, each from another place"
    )]
    fn step(
        &self,
        steps: &mut Steps,
        root: Root,
        script: &str,
        args: Vec<String>,
        mut mounts: Vec<Mount>,
        access: Access,
        name: String,
    ) -> StepId {
        let span = self.python.span;
        mounts.extend(root.mounts);
        mounts.extend([root::seal(steps, span), root::uv_cache()]);
        let mut command = vec!["/bin/sh".into(), script_path(script), MTIME.to_string()];
        command.extend(args);
        let action = Action::Exec(Exec {
            root: root.tree,
            keep: Keep::Layer,
            args: command,
            env: root::uv_env(root.env, access.env),
            cwd: "/".into(),
            mounts,
            secret_env: access.secrets,
            network: None::<Network>,
        });
        steps.add(Step {
            stage: "python",
            name,
            span,
            platform: root.platform,
            action,
        })
    }

    /// Where a package is built from its sources: with compilers only where they are asked for.
    fn source_root(&self, steps: &mut Steps, compiles: bool) -> Root {
        if compiles || !self.python.apt.is_empty() {
            root::build_root(steps, self.checked, self.facts)
        } else {
            root::wheel_root(steps, self.checked, self.facts)
        }
    }

    /// Files of the context, mounted so that `folder` of it is `/src`.
    fn context(&self, steps: &mut Steps, paths: Vec<String>, folder: &str) -> Mount {
        let mut exclude: Vec<String> = NOISE.iter().map(|pattern| (*pattern).to_owned()).collect();
        if !self.reads_git() {
            exclude.push("**/.git".into());
        }
        exclude.extend(self.facts.exclude.iter().cloned());
        let action = root::context(paths, exclude);
        let name = "sources of the project".into();
        let from = steps.add(Step {
            stage: "python",
            name,
            span: self.python.span,
            platform: On::Any,
            action,
        });
        root::source_mount(from, folder)
    }

    fn reads_git(&self) -> bool {
        let project = self.facts.project.as_ref();
        project.is_some_and(|project| READS_GIT.iter().any(|name| project.package.build_needs(name)))
    }

    /// Says which platform the packages are for. Wheels are chosen for the C library of the base, not for that of the
    /// root that installs them.
    fn foreign(&self, root: &Root) -> Option<String> {
        if root.platform == On::Target {
            return None;
        }
        let version = self.facts.python_version.clone()?;
        let machine = Environment::linux(version, &self.facts.target.1)?.machine;
        let base = self
            .checked
            .base
            .image
            .as_ref()
            .map_or("", |base| base.value.as_str());
        Some(format!("--python-platform={machine}-manylinux_{}", glibc(base)))
    }

    fn folder(&self) -> &str {
        match &self.python.source {
            PythonSource::Project { folder, .. } => folder,
            PythonSource::Requirements(_) | PythonSource::None => ".",
        }
    }
}

fn install_title(part: &Part) -> String {
    match part.packages.as_slice() {
        [one] => format!("install {one}"),
        many => format!("install {} ({} packages)", part.name, many.len()),
    }
}

/// `folder/path`, where a folder `.` is the context itself.
pub(super) fn joined(folder: &str, path: &str) -> String {
    match folder.trim_matches('/') {
        "" | "." => path.to_owned(),
        folder => format!("{folder}/{path}"),
    }
}

/// The version of glibc in a base, by the names that releases have in tags; 2.28 (what most wheels ask for) when no
/// name is known. Sources: the releases' own package lists.
fn glibc(base: &str) -> &'static str {
    const RELEASES: [(&str, &str); 12] = [
        ("trixie", "2_41"),
        ("bookworm", "2_36"),
        ("bullseye", "2_31"),
        ("ubuntu26.04", "2_42"),
        ("ubuntu24.04", "2_39"),
        ("ubuntu22.04", "2_35"),
        ("ubuntu20.04", "2_31"),
        ("ubuntu:24.04", "2_39"),
        ("ubuntu:22.04", "2_35"),
        ("noble", "2_39"),
        ("jammy", "2_35"),
        ("ubi9", "2_34"),
    ];
    RELEASES
        .iter()
        .find(|(name, _)| base.contains(name))
        .map_or("2_28", |(_, version)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wheels_are_chosen_for_the_c_library_of_the_base() {
        assert_eq!(glibc("nvidia/cuda:12.8.1-runtime-ubuntu22.04"), "2_35");
        assert_eq!(glibc("debian:bookworm-slim"), "2_36");
        assert_eq!(glibc("registry.test/own:1"), "2_28");
    }
}
