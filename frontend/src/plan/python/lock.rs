//! The first round: uv turns the user's lock or requirements into a `pylock.toml`, inside the engine.
//!
//! The frontend reads that and cuts it into parts. What the image is made of are the parts, so the image's own graph
//! would not reach the step that resolved them, and a cache is exported from that graph alone: an empty engine would
//! resolve again, perhaps to something newer. [`origin`] ties the two rounds together without a dependence.

use super::super::{Action, Exec, Facts, FileAction, Keep, Key, On, Step, StepId, Steps, script_path};
use super::index;
use super::root::{self, uv_env};
use crate::check::{Checked, Network, Python, PythonSource};
use crate::python::joined;

const EXPORT: &str = include_str!("../scripts/export.sh");
const COMPILE: &str = include_str!("../scripts/compile.sh");

/// The steps that make `/pylock.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockPlan {
    /// Every step; inputs come before users.
    pub steps: Vec<Step>,
    /// The one whose files hold it.
    pub result: StepId,
}

/// The steps that resolve the target's packages; `None` when it has none. `files` are the context's files that the
/// requirements name.
pub fn lock_steps(checked: &Checked, facts: &Facts, files: &[String]) -> Option<LockPlan> {
    let mut steps = Steps::default();
    let result = resolve(&mut steps, checked, facts, files)?;
    Some(LockPlan {
        steps: steps.0,
        result,
    })
}

/// Where a part of the lock comes from: the step that made the lock. The part's file stays the same file whatever else the
/// lock says, and the step that installs it sees that file alone.
pub(super) fn origin(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Option<FileAction> {
    let files = facts.lock.as_ref().map(|lock| lock.files.as_slice());
    resolve(steps, checked, facts, files.unwrap_or_default()).map(FileAction::Origin)
}

/// The step whose files hold `/pylock.toml`.
fn resolve(steps: &mut Steps, checked: &Checked, facts: &Facts, files: &[String]) -> Option<StepId> {
    let python = checked.python.as_ref()?;
    match &python.source {
        PythonSource::None => None,
        PythonSource::Project { folder, package } => {
            let package = package.as_ref().map(|package| package.value.as_str());
            Some(export(steps, checked, facts, python, folder, package))
        }
        PythonSource::Requirements(file) => Some(compile(steps, checked, facts, python, file, files)),
    }
}

/// A lock is exported from the two files that determine it, with no network and no Python, where packages are installed.
fn export(
    steps: &mut Steps,
    checked: &Checked,
    facts: &Facts,
    python: &Python,
    folder: &str,
    package: Option<&str>,
) -> StepId {
    let mut paths = vec![joined(folder, "pyproject.toml"), joined(folder, "uv.lock")];
    let place = joined(folder, "");
    let place = if place.is_empty() { ".".to_owned() } else { place };
    let mut args = vec!["/bin/sh".into(), script_path("export.sh"), place];
    if let (Some(package), Some(project)) = (package, &facts.project) {
        args.push(format!("--package={package}"));
        paths.push(joined(folder, &joined(&project.package_folder, "pyproject.toml")));
    }
    paths.dedup();
    args.extend(
        python
            .extras
            .iter()
            .map(|extra| format!("--extra={}", extra.value)),
    );
    args.extend(
        python
            .groups
            .iter()
            .map(|group| format!("--group={}", group.value)),
    );
    let root = root::uv_root(steps, checked, facts);
    let files = context(steps, python, paths);
    let mut mounts = vec![
        steps.script("python", "export.sh", EXPORT, python.span),
        root::source_mount(files),
    ];
    mounts.extend(root.mounts);
    let exec = Exec {
        root: root.tree,
        root_key: Key::Name,
        keep: Keep::Layer,
        args,
        env: uv_env(root.env, Vec::new()),
        cwd: "/".into(),
        mounts,
        secret_env: Vec::new(),
        network: Some(Network::None),
    };
    add(steps, python, "export uv.lock", root.platform, exec)
}

/// Requirements are resolved against the indexes, for the Python that will run them.
fn compile(
    steps: &mut Steps,
    checked: &Checked,
    facts: &Facts,
    python: &Python,
    file: &str,
    files: &[String],
) -> StepId {
    let root = root::wheel_root(steps, checked, facts);
    let access = index::access(python, facts, |_| true);
    let version = facts
        .python_version
        .as_ref()
        .map(|version| version.full())
        .unwrap_or_default();
    let files = context(steps, python, files.to_vec());
    let mut mounts = vec![
        steps.script("python", "compile.sh", COMPILE, python.span),
        root::source_mount(files),
        root::uv_cache(),
    ];
    mounts.extend(root.mounts);
    let args = vec![
        "/bin/sh".into(),
        script_path("compile.sh"),
        file.to_owned(),
        "--python=/opt/venv/bin/python".into(),
        format!("--python-version={version}"),
    ];
    let exec = Exec {
        root: root.tree,
        root_key: Key::Name,
        keep: Keep::Layer,
        args,
        env: uv_env(root.env, access.env),
        cwd: "/".into(),
        mounts,
        secret_env: access.secrets,
        network: None,
    };
    add(steps, python, &format!("resolve {file}"), root.platform, exec)
}

fn context(steps: &mut Steps, python: &Python, paths: Vec<String>) -> StepId {
    let action = Action::Context {
        paths,
        exclude: Vec::new(),
    };
    let name = "files of the lock".into();
    steps.add(Step {
        stage: "python",
        name,
        span: python.span,
        platform: On::Any,
        action,
    })
}

fn add(steps: &mut Steps, python: &Python, name: &str, platform: On, exec: Exec) -> StepId {
    let action = Action::Exec(exec);
    steps.add(Step {
        stage: "python",
        name: name.into(),
        span: python.span,
        platform,
        action,
    })
}
