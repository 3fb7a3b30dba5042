//! The command line: what docker says, with docker's exit codes.

use modelcrate_tests::command::{modelcrate, without_docker};
use modelcrate_tests::{Build, Engine, Output, Project, Run, unique};

/// A spec whose image is made without a step.
const SPEC: &str =
    "# syntax=modelcrate/frontend:1\nbase: debian:bookworm-slim\nuser: 1000\nentrypoint: [cat]\n";

#[test]
#[ignore = "needs an engine: ./dev test"]
fn verbs_are_dockers_own_questions_and_pass_its_exit_codes_on() {
    let engine = Engine::main();
    let project = Project::with(&[("modelcrate.yaml", SPEC)]);
    let said = |words: &[&str]| Output::of(modelcrate(&engine, project.path()).args(words));

    let dockerfile = said(&["dockerfile"]).ok().stdout;
    assert!(
        dockerfile.contains("\nFROM debian:bookworm-slim@sha256:"),
        "{dockerfile}"
    );
    let asked = engine
        .docker(&[
            "buildx",
            "build",
            "--call=dockerfile",
            "-f",
            "modelcrate.yaml",
            ".",
        ])
        .current_dir(project.path())
        .output()
        .expect("docker");
    assert_eq!(dockerfile, String::from_utf8_lossy(&asked.stdout));

    let image = unique("modelcrate-test/command");
    said(&["build", "--tag", &image, "--load", "--", "--quiet"]).ok();
    assert_eq!(
        engine.ask(&["image", "inspect", "--format", "{{.Config.User}}", &image]),
        "1000:1000"
    );
    engine.ask(&["image", "rm", &image]);

    project.edit("modelcrate.yaml", "base:", "bas:");
    let failed = said(&["llb"]);
    assert_eq!(failed.status.code(), Some(1), "{}", failed.stderr);
    assert!(failed.stderr.contains("modelcrate.yaml:2:1"), "{}", failed.stderr);
}

#[test]
fn what_is_missing_is_named_with_what_to_do() {
    let project = Project::empty();
    let said = |words: &[&str]| Output::of(without_docker(project.path()).args(words));
    let failed = said(&["build"]);
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(
        failed.stderr,
        "error: there is no `modelcrate.yaml`\n  hint: write one, or let `modelcrate init` write a first `modelcrate.yaml`\n"
    );
    project.write("modelcrate.yaml", SPEC);
    let failed = said(&["build"]);
    assert_eq!(failed.status.code(), Some(127));
    assert!(
        failed.stderr.contains("hint: install Docker with buildx"),
        "{}",
        failed.stderr
    );
    assert_eq!(said(&["biuld"]).status.code(), Some(2));
}

#[test]
fn shells_editors_and_manuals_are_told_of_every_verb() {
    let project = Project::empty();
    let said = |words: &[&str]| Output::of(without_docker(project.path()).args(words)).ok().stdout;
    for shell in ["bash", "zsh", "fish"] {
        assert!(said(&["completions", shell]).contains("dockerfile"), "{shell}");
    }
    said(&["man", "man1"]);
    assert!(project.read("man1/modelcrate-check.1").contains("\\-\\-json"));
    assert!(said(&["schema"]).starts_with("{\n"));
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_first_spec_builds_and_serves() {
    let engine = Engine::main();
    let project = Project::example("quickstart");
    std::fs::remove_file(project.file("modelcrate.yaml")).expect("the spec of the example");
    let said = |words: &[&str]| Output::of(modelcrate(&engine, project.path()).args(words));
    said(&["init"]).ok();
    let written = project.read("modelcrate.yaml");
    let again = said(&["init"]);
    assert_eq!(again.code(), Some(1));
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    assert_eq!(project.read("modelcrate.yaml"), written);

    let (image, _) = Build::of(&project).load(&engine);
    Run::default().start(&image).becomes_healthy();
}
