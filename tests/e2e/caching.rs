//! What a build does again, and what it leaves alone.

use modelcrate_tests::{Build, Engine, Layout, Project, unique};

/// A file of the heavy package, of the light ones, and of the project.
const HEAVY: &str = "/nvidia/nvtx/lib/libnvToolsExt.so.1";
const LIGHT: &str = "/iniconfig/__init__.py";
const PROJECT: &str = "/heavy/__init__.py";

/// Digests of the layers that hold the heavy package, the light ones, and the project.
fn layers(layout: &Layout) -> [String; 3] {
    [HEAVY, LIGHT, PROJECT].map(|file| layout.layer_with(file).digest)
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_unchanged_project_runs_nothing_and_gives_the_same_layers() {
    let engine = Engine::main();
    let project = Project::fixture("heavy");
    let (first, _) = Build::of(&project).load(&engine);
    let (second, built) = Build::of(&project).load(&engine);
    assert_eq!(built.ran(), Vec::<&str>::new());
    assert_eq!(first.layers(), second.layers());
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_edit_of_the_code_runs_the_projects_step_alone() {
    let engine = Engine::main();
    let project = Project::fixture("heavy");
    let (before, _) = Build::of(&project).layout(&engine, &[]);
    project.edit("src/heavy/__init__.py", "heavy runs", &unique("edited"));
    let (after, built) = Build::of(&project).layout(&engine, &[]);

    assert_eq!(built.ran(), ["install heavy"]);
    let ([heavy, light, code], [new_heavy, new_light, new_code]) = (layers(&before), layers(&after));
    assert_eq!((heavy, light), (new_heavy, new_light));
    assert_ne!(code, new_code);
    let new = after
        .image_alone()
        .layers
        .into_iter()
        .filter(|layer| !before.image_alone().layers.contains(layer));
    assert_eq!(new.count(), 1, "one layer is new");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_new_version_of_the_project_exports_the_lock_and_runs_the_projects_step() {
    let engine = Engine::main();
    let project = Project::fixture("heavy");
    let (before, _) = Build::of(&project).layout(&engine, &[]);
    let version = format!("version = \"0.2.0+{}\"", unique("t").replace('-', "."));
    project.edit("pyproject.toml", "version = \"0.1.0\"", &version);
    project.edit("uv.lock", "version = \"0.1.0\"", &version);
    let (after, built) = Build::of(&project).layout(&engine, &[]);

    assert_eq!(built.ran(), ["export uv.lock", "install heavy"]);
    let ([heavy, light, code], [new_heavy, new_light, new_code]) = (layers(&before), layers(&after));
    assert_eq!((heavy, light), (new_heavy, new_light));
    assert_ne!(code, new_code);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_new_small_dependency_leaves_heavy_wheels_alone() {
    // An engine that never saw the small dependency.
    let engine = Engine::fresh();
    let project = Project::fixture("heavy");
    let (before, _) = Build::of(&project).layout(&engine, &[]);
    let more = Project::fixture("heavy-more");
    project.write("pyproject.toml", &more.read("pyproject.toml"));
    project.write("uv.lock", &more.read("uv.lock"));
    let (after, built) = Build::of(&project).layout(&engine, &[]);

    assert_eq!(
        built.ran(),
        [
            "export uv.lock",
            "install heavy",
            "install rest (2 packages)",
            "write pylock.rest.toml"
        ]
    );
    let ([heavy, light, _], [new_heavy, new_light, _]) = (layers(&before), layers(&after));
    assert_eq!(heavy, new_heavy);
    assert_ne!(light, new_light);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_edit_of_the_environment_or_a_label_runs_nothing() {
    let engine = Engine::main();
    let project = Project::fixture("heavy");
    let (before, _) = Build::of(&project).load(&engine);
    let (greeting, title) = (unique("greeting"), unique("title"));
    project.edit(
        "modelcrate.yaml",
        "GREETING: hello",
        &format!("GREETING: {greeting}"),
    );
    project.edit("modelcrate.yaml", "title: heavy", &format!("title: {title}"));
    let (after, built) = Build::of(&project).load(&engine);

    assert_eq!(built.ran(), Vec::<&str>::new());
    assert_eq!(before.layers(), after.layers());
    assert_eq!(after.env("GREETING"), Some(greeting));
    assert_eq!(after.config()["Labels"]["org.opencontainers.image.title"], title);
}
