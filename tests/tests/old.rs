//! Docker Engine 20.10, with the BuildKit of 2020.

use modelcrate_tests::{Build, Engine, Progress, Project};

#[test]
#[ignore = "needs an engine: ./dev test"]
fn engine_20_10_builds_the_same_image_or_names_what_to_update() {
    let engine = Engine::old();
    let project = Project::example("quickstart");
    let built = Build {
        progress: Progress::Plain,
        ..Build::of(&project)
    }
    .try_with(&engine, &["--load"]);
    println!("{}", built.output.stderr);
    assert!(!built.output.status.success());
    assert!(
        built.output.stderr.contains("update Docker Engine"),
        "{}",
        built.output.stderr
    );
}
