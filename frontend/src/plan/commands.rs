//! The user's own commands: on the image, where what they change becomes a layer, or in a build stage, where only
//! their outputs are kept.

use super::{
    Action, CopyAction, Exec, Facts, FileAction, Keep, Key, Mount, MountKind, On, SecretEnv, Step, StepId,
    Steps, Tree, config, python, ssh,
};
use crate::check::{Checked, Run, RunAfter, RunStage, SecretShown, SecretUse};

/// Where commands of a build stage run, and where their inputs lie.
const WORK: &str = "/build";

/// Runs the image commands that belong at this place, each on all that is below it.
pub(super) fn on_image(
    steps: &mut Steps,
    image: &mut Tree,
    checked: &Checked,
    facts: &Facts,
    after: RunAfter,
) {
    let here = |run: &&Run| run.stage == RunStage::Image && run.after == after;
    for run in checked.runs.iter().filter(here) {
        let env = config::runtime_env(checked, facts, after >= RunAfter::Dependencies);
        let step = command(steps, run, image.clone(), env, checked);
        image.push(step);
    }
}

/// Runs the build commands; each gives one layer of its outputs.
pub(super) fn in_build(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    let runs = checked.runs.iter().filter(|run| run.stage == RunStage::Build);
    runs.map(|run| {
        let mut root = python::build_root(steps, checked, facts);
        root.tree.extend(sources(steps, run));
        let step = command(steps, run, root.tree, root.env, checked);
        outputs(steps, run, step)
    })
    .collect()
}

fn command(
    steps: &mut Steps,
    run: &Run,
    root: Tree,
    mut env: Vec<(String, String)>,
    checked: &Checked,
) -> StepId {
    env.retain(|(name, _)| run.env.iter().all(|(own, _)| own != name));
    env.extend(run.env.iter().cloned());
    let cwd = match run.stage {
        RunStage::Image => checked.workdir.as_ref().map_or("/", |workdir| &workdir.value),
        RunStage::Build => WORK,
    };
    let mut mounts = if run.stage == RunStage::Image {
        inputs(steps, run, cwd)
    } else {
        Vec::new()
    };
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
        root,
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
        optional: false,
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

fn outputs(steps: &mut Steps, run: &Run, from: StepId) -> StepId {
    let copy = |path: &str| {
        FileAction::Copy(CopyAction {
            from,
            source: path.to_owned(),
            dest: path.to_owned(),
            owner: None,
            mode: None,
            exclude: Vec::new(),
            optional: false,
        })
    };
    let actions = run.outputs.iter().map(|path| copy(&path.value)).collect();
    let paths: Vec<&str> = run.outputs.iter().map(|path| path.value.as_str()).collect();
    let name = format!("keep {}", paths.join(" "));
    steps.add(Step {
        stage: "run",
        name,
        span: run.span,
        platform: On::Any,
        action: Action::Files(actions),
    })
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
