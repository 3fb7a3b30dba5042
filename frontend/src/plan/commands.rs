//! The user's own commands: on the image, where what they change becomes a layer, or in a build stage, where only
//! their outputs are kept.

use super::environment::overlaid;
use super::mounts::Made;
use super::python::Root;
use super::{
    Action, CopyAction, Exec, Facts, FileAction, Keep, Key, Mount, MountKind, On, SecretEnv, Step, StepId,
    Steps, Tree, config, mounts, outputs, python, ssh,
};
use crate::check::{Checked, Run, RunAfter, RunStage, SecretShown, SecretUse};

/// Where commands of a build stage run, and where their inputs lie.
const WORK: &str = "/build";

/// What commands of build stages leave.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// A layer for each.
    pub outputs: Tree,
    /// The layers of those that have a name.
    pub named: Vec<(String, StepId)>,
}

/// Runs the image commands that belong at this place, each on all that is below it.
pub(super) fn on_image(
    steps: &mut Steps,
    image: &mut Tree,
    checked: &Checked,
    facts: &Facts,
    made: &Made<'_>,
    after: RunAfter,
) {
    let here = |run: &&Run| run.stage == RunStage::Image && run.after == after;
    for run in checked.runs.iter().filter(here) {
        let root = Root {
            tree: image.clone(),
            env: config::runtime_env(checked, facts, after >= RunAfter::Dependencies),
            mounts: mounts::mounts(steps, run, checked, facts, made),
            platform: On::Target,
        };
        let step = command(steps, run, root, checked);
        image.push(step);
    }
}

/// Runs the build commands; each gives one layer of its outputs.
pub(super) fn in_build(
    steps: &mut Steps,
    checked: &Checked,
    facts: &Facts,
    stages: &[(&'static str, Tree)],
) -> Built {
    let mut built = Built::default();
    for run in checked.runs.iter().filter(|run| run.stage == RunStage::Build) {
        let made = Made {
            stages,
            outputs: &built.named,
        };
        let mut root = python::build_root(steps, checked, facts);
        root.mounts = mounts::mounts(steps, run, checked, facts, &made);
        root.tree.extend(sources(steps, run));
        let step = command(steps, run, root, checked);
        let kept = outputs::layer(steps, run, step, checked, facts);
        built.outputs.push(kept);
        built.named.extend(run.name.clone().map(|name| (name, kept)));
    }
    built
}

fn command(steps: &mut Steps, run: &Run, root: Root, checked: &Checked) -> StepId {
    let env = overlaid(root.env, run.env.iter().cloned());
    let cwd = match run.stage {
        RunStage::Image => checked.workdir.as_ref().map_or("/", |workdir| &workdir.value),
        RunStage::Build => WORK,
    };
    let mut mounts = if run.stage == RunStage::Image {
        inputs(steps, run, cwd)
    } else {
        Vec::new()
    };
    mounts.extend(root.mounts);
    mounts.extend(run.cache.iter().map(|cache| Mount {
        path: cache.path.value.clone(),
        kind: MountKind::Cache {
            id: cache.id.clone(),
            sharing: cache.sharing,
        },
    }));
    mounts.extend(ssh::agents(&run.ssh));
    let secret_env = secrets(&run.secrets, &mut mounts);
    let action = Action::Exec(Exec {
        root: root.tree,
        root_key: Key::Name,
        keep: Keep::Changes,
        args: vec!["/bin/sh".into(), "-ec".into(), run.script.value.clone()],
        env,
        cwd: cwd.into(),
        mounts,
        secret_env,
        network: run.network,
    });
    steps.add(Step {
        stage: "run",
        name: title(run),
        span: run.span,
        platform: On::Target,
        action,
    })
}

/// Secrets of a step: files among its `mounts`, and variables.
pub(super) fn secrets(used: &[SecretUse], mounts: &mut Vec<Mount>) -> Vec<SecretEnv> {
    let mut variables = Vec::new();
    for secret in used {
        let (id, optional) = (secret.id.value.clone(), secret.optional);
        match &secret.shown_as {
            SecretShown::Env(name) => variables.push(SecretEnv {
                name: name.clone(),
                id,
                optional,
            }),
            SecretShown::File(path) => mounts.push(Mount {
                path: path.clone(),
                kind: MountKind::Secret { id, optional },
            }),
        }
    }
    variables
}

/// The declared files of the context, mounted at their own paths below the working directory: the image does not keep
/// them.
fn inputs(steps: &mut Steps, run: &Run, cwd: &str) -> Vec<Mount> {
    let Some((from, paths)) = context(steps, run) else {
        return Vec::new();
    };
    let mount = |path: &String| Mount {
        path: format!("{}/{path}", cwd.trim_end_matches('/')),
        kind: MountKind::Files {
            from,
            selector: Some(format!("/{path}")),
            key: Key::Bytes,
        },
    };
    paths.iter().map(mount).collect()
}

/// The same in a build stage, as files that the command may write beside: builds do.
fn sources(steps: &mut Steps, run: &Run) -> Option<StepId> {
    let (from, _) = context(steps, run)?;
    let action = Action::Files(vec![FileAction::Copy(CopyAction {
        from,
        source: "/".into(),
        dest: WORK.into(),
        owner: None,
        mode: None,
        exclude: Vec::new(),
    })]);
    let name = format!("sources for {}", title(run));
    Some(steps.add(Step {
        stage: "run",
        name,
        span: run.span,
        platform: On::Any,
        action,
    }))
}

fn context(steps: &mut Steps, run: &Run) -> Option<(StepId, Vec<String>)> {
    if run.inputs.is_empty() {
        return None;
    }
    let paths: Vec<String> = run
        .inputs
        .iter()
        .map(|input| input.value.trim_matches('/').to_owned())
        .collect();
    let action = Action::Context {
        paths: paths.clone(),
        exclude: Vec::new(),
    };
    let name = "files of a command".into();
    Some((
        steps.add(Step {
            stage: "run",
            name,
            span: run.span,
            platform: On::Any,
            action,
        }),
        paths,
    ))
}

fn title(run: &Run) -> String {
    let first_line = || {
        run.script
            .value
            .trim()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    run.name.clone().unwrap_or_else(first_line)
}
