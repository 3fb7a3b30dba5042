//! Docker Engine 20.10, with the BuildKit of 2020: it cannot build these images, and says what to update.

use modelcrate_tests::{Build, Engine, Output, Progress, Project};

const UPDATE: &str = "hint: update Docker Engine to ";

#[test]
#[ignore = "needs an engine: ./dev test"]
fn engine_20_10_is_told_what_to_update() {
    let engine = Engine::old();
    for project in [Project::example("quickstart"), Project::fixture("heavy")] {
        let plain = Build {
            progress: Progress::Plain,
            ..Build::of(&project)
        };
        let output = plain.try_with(&engine, &[]).output;
        assert!(!output.status.success());
        assert!(output.stderr.contains(UPDATE), "{}", output.stderr);
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn engine_20_10_is_told_so_by_docker_build_too() {
    let engine = Engine::old();
    let project = Project::fixture("heavy");
    let mut command = engine.docker(&["build", "--progress", "plain", "--file"]);
    command.env("DOCKER_BUILDKIT", "1");
    let output = Output::of(command.arg(project.file("modelcrate.yaml")).arg(project.path()));
    assert!(!output.status.success());
    assert!(output.stderr.contains(UPDATE), "{}", output.stderr);
}
