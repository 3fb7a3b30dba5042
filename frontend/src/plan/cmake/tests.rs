//! Whole plans of projects.

use super::super::{Action, Facts, FileAction, On, Plan, Step, plan};
use crate::check::drawn::{Build, checked};

const SPEC: &str = "\
cuda: { version: 12.8.1, archs: [80, 90a] }
cmake:
  source: https://forge.test/engine.git#v1:native
  options: { ENGINE_CUDA: on, GGML_NATIVE: \"off\" }
  targets: [engine, tool]
  apt: [libssl-dev]
  env: { CC: gcc-12 }
  secrets: [{ id: key, env: KEY }]
  ssh: true
  network: none
";

fn planned(spec: &str) -> Plan {
    plan(&checked(spec, &Build::default()), &Facts::default())
}

/// The step that compiles, and the files of ours that it reads.
fn compile(plan: &Plan) -> (&Step, Vec<&str>) {
    let compiles = |step: &&Step| step.stage == "cmake" && matches!(step.action, Action::Exec(_));
    let step = plan.steps.iter().find(compiles).expect("a step that compiles");
    let texts = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Files(actions) => match actions.as_slice() {
            [FileAction::File { path, text, .. }]
                if path.ends_with("l.cmake") || path.ends_with("d.cmake") =>
            {
                Some(text.as_str())
            }
            _ => None,
        },
        _ => None,
    });
    (step, texts.collect())
}

#[test]
fn a_project_is_compiled_on_the_build_image() {
    let plan = planned(SPEC);
    let (step, texts) = compile(&plan);
    insta::assert_debug_snapshot!((step, texts));
}

/// What the image is made of beside it, and how it starts, is no part of the step.
#[test]
fn a_project_does_not_depend_on_the_rest_of_the_image() {
    let more = format!("{SPEC}apt: [libgomp1]\nentrypoint: [engine]\nenv: {{ A: b }}\n");
    let (one, other) = (planned(SPEC), planned(&more));
    let key = |plan: &Plan| {
        let (step, _) = compile(plan);
        let Action::Exec(exec) = &step.action else {
            unreachable!("it is a command");
        };
        let root = exec.root.iter().map(|id| plan.step(*id).action.clone());
        let root: Vec<String> = root.map(|action| root_words(&action)).collect();
        (exec.args.clone(), exec.env.clone(), root)
    };
    assert_eq!(key(&one), key(&other));
}

/// An action of the root, without the numbers of steps in it.
fn root_words(action: &Action) -> String {
    match action {
        Action::Exec(exec) => exec.args.join(" "),
        Action::Files(_) => "files".into(),
        other => format!("{other:?}"),
    }
}

#[test]
fn sources_are_fetched_once_for_all_platforms() {
    let plan = planned(SPEC);
    let fetch = plan
        .steps
        .iter()
        .filter(|step| matches!(step.action, Action::Git(_)));
    let platforms: Vec<On> = fetch.map(|step| step.platform).collect();
    assert_eq!(platforms, [On::Any]);
}
