//! What a build does again, and what it leaves alone.

use modelcrate_tests::{Build, Engine, Project};

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_unchanged_project_runs_nothing() {
    let engine = Engine::main();
    let project = Project::example("quickstart");
    let (first, _) = Build::of(&project).load(&engine);
    let (second, built) = Build::of(&project).load(&engine);
    println!("{:#?}", built.ran());
    assert_eq!(first.layers(), second.layers());
}
