//! Packages that are built from sources of the context or of a git repository: a step for each.

use super::super::{Action, GitCheckout, Mount, On, ProjectFacts, Step, StepId, Steps};
use super::index;
use super::packages::{Install, Packages};
use super::root::{self, Root};
use crate::check::PythonSource;
use crate::python::{GitSource, LocalSource, joined};
use crate::source::Spanned;

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

/// Variables that tell such a back end the version: `SETUPTOOLS_SCM_PRETEND_VERSION_FOR_APP`, ….
const GIVES_VERSION: [&str; 2] = ["PRETEND_VERSION", "DYNAMIC_VERSIONING_BYPASS"];

/// A package to build.
struct Source<'a> {
    name: &'a str,
    /// Its folder or file below `/src`.
    path: String,
    files: Mount,
    reads_git: bool,
}

impl Packages<'_> {
    /// The layer of a package in a git repository.
    pub fn git(&self, steps: &mut Steps, source: &GitSource) -> StepId {
        let action = Action::Git(GitCheckout {
            url: source.url.clone(),
            reference: Some(source.commit.clone()),
            commit: None,
            keep_git_dir: true,
            token: None,
            agent: None,
        });
        // The engine fetches it and says but little when it may not.
        let name = format!(
            "fetch {} with git (when it is private: --secret id=GIT_AUTH_TOKEN)",
            source.name
        );
        let from = self.add(steps, name, action);
        let source = Source {
            name: &source.name,
            path: source.subdirectory.clone().unwrap_or_else(|| ".".into()),
            files: root::source_mount(from),
            // Its `.git` is there; that there is a program to read it, `python.apt` says.
            reads_git: false,
        };
        let root = self.source_root(steps, false);
        self.source(steps, root, source)
    }

    /// The layer of a package in the context.
    pub fn local(&self, steps: &mut Steps, source: &LocalSource) -> StepId {
        let path = joined(self.folder(), &source.path);
        // The package's own files, and the root's manifest that it may inherit from.
        let paths = vec![path.clone(), joined(self.folder(), "pyproject.toml")];
        let source = Source {
            name: &source.name,
            files: self.context(steps, paths, false, None),
            path: or_dot(path),
            reads_git: false,
        };
        let root = self.source_root(steps, false);
        self.source(steps, root, source)
    }

    /// The layer of the project itself, when it is a package.
    pub fn project(&self, steps: &mut Steps) -> Option<StepId> {
        let project = self.facts.project.as_ref()?;
        if !project.package.is_package {
            return None;
        }
        let reads_git = self.reads_git();
        let folder = joined(self.folder(), &project.package_folder);
        let source = Source {
            name: project.package.name.as_deref().unwrap_or("the project"),
            files: self.context(
                steps,
                self.project_paths(&folder, reads_git),
                reads_git,
                self.unread(project),
            ),
            path: or_dot(folder),
            reads_git,
        };
        let root = if reads_git {
            let git = Spanned::new("git".to_owned(), self.python.span);
            root::build_root_with(steps, self.checked, self.facts, &[git])
        } else {
            self.source_root(steps, project.package.compiles())
        };
        Some(self.source(steps, root, source))
    }

    /// What the project is made of; the context itself is all of it.
    fn project_paths(&self, folder: &str, reads_git: bool) -> Vec<String> {
        if folder.is_empty() {
            return Vec::new();
        }
        let mut paths = vec![folder.to_owned(), joined(self.folder(), "pyproject.toml")];
        if reads_git {
            paths.push(".git".into());
        }
        paths
    }

    /// The lock, where a bump of a dependency is none of the project's business.
    fn unread(&self, project: &ProjectFacts) -> Option<String> {
        (!project.package.reads_lock).then(|| joined(self.folder(), "uv.lock"))
    }

    fn source(&self, steps: &mut Steps, root: Root, source: Source<'_>) -> StepId {
        let version = if source.reads_git { "git" } else { "-" };
        let mut args = vec![source.path, version.into()];
        args.extend(self.foreign(&root));
        // What a build requires may come from any of the declared indexes.
        let mut access = index::access(self.python, self.facts, |_| true);
        access.env.extend(self.build_env());
        let script = steps.script("python", "source.sh", SOURCE, self.python.span);
        let install = Install {
            name: format!("install {}", source.name),
            root,
            script: "source.sh",
            args,
            mounts: vec![script, source.files],
            access,
        };
        self.install(steps, install)
    }

    /// Where a package is built from its sources: with compilers only where they are asked for.
    fn source_root(&self, steps: &mut Steps, compiles: bool) -> Root {
        if compiles || !self.python.apt.is_empty() {
            root::build_root(steps, self.checked, self.facts)
        } else {
            root::wheel_root(steps, self.checked, self.facts)
        }
    }

    /// Files of the context at `/src`.
    fn context(
        &self,
        steps: &mut Steps,
        paths: Vec<String>,
        with_git: bool,
        unread: Option<String>,
    ) -> Mount {
        let mut exclude: Vec<String> = NOISE.iter().map(|pattern| (*pattern).to_owned()).collect();
        if !with_git {
            exclude.push("**/.git".into());
        }
        exclude.extend(unread);
        exclude.extend(self.facts.exclude.iter().cloned());
        let action = Action::Context { paths, exclude };
        root::source_mount(self.add(steps, "sources of the project".into(), action))
    }

    fn add(&self, steps: &mut Steps, name: String, action: Action) -> StepId {
        steps.add(Step {
            stage: "python",
            name,
            span: self.python.span,
            platform: On::Any,
            action,
        })
    }

    /// Whether the project's version is read from git: its back end does that, and nobody has said the version.
    fn reads_git(&self) -> bool {
        let Some(project) = &self.facts.project else {
            return false;
        };
        let mut variables = self.python.build_env.keys();
        let is_given = variables.any(|name| GIVES_VERSION.iter().any(|part| name.contains(part)));
        !is_given && READS_GIT.iter().any(|name| project.package.build_needs(name))
    }

    /// The project's folder in the context.
    fn folder(&self) -> &str {
        match &self.python.source {
            PythonSource::Project { folder, .. } => folder,
            PythonSource::Requirements(_) | PythonSource::None => "",
        }
    }
}

/// The context itself is `.` on a command line.
fn or_dot(path: String) -> String {
    if path.is_empty() { ".".into() } else { path }
}
