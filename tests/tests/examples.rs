//! The examples of the repository: each is built with plain `docker buildx build`, run, and is what its `expect.toml`
//! says.

use modelcrate_tests::{Build, Engine, Expected, Project, PythonServer};

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_quickstart_is_what_it_promises() {
    check("quickstart", "default");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_runtime_of_the_safe_synthesizer_is_what_it_promises() {
    check("safe-synthesizer", "runtime");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_dev_target_of_the_safe_synthesizer_is_what_it_promises() {
    check("safe-synthesizer", "dev");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_test_target_of_the_safe_synthesizer_is_what_it_promises() {
    check("safe-synthesizer", "test");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn every_target_that_is_described_has_a_test() {
    let described = |example: &str| {
        Expected::of(&Project::example(example))
            .into_keys()
            .collect::<Vec<_>>()
    };
    assert_eq!(described("quickstart"), ["default"]);
    assert_eq!(described("safe-synthesizer"), ["dev", "runtime", "test"]);
}

fn check(example: &str, target: &str) {
    let engine = Engine::main();
    let project = Project::example(example);
    let expected = Expected::of(&project)
        .remove(target)
        .expect("the target is described");
    let python = PythonServer::new(&engine);
    let args = if example == "quickstart" {
        &[][..]
    } else {
        &python.args
    };
    let target = (target != "default").then_some(target);
    let (image, built) = Build {
        target,
        args,
        ..Build::of(&project)
    }
    .load(&engine);
    assert_eq!(built.warnings, []);

    expected.check(&image, &project);
    assert!(
        image.layers().len() < 100,
        "an image has room for about a hundred layers"
    );
}
