//! Packages in layers: heavy families apart, the same bytes in every project, and nothing done again without need.

use crate::python_support::*;
use modelcrate_tests::{Build, Engine, Layout, Project};

fn project(engine: &Engine, name: &str, dependencies: &[&str]) -> Project {
    let project = package(name, dependencies, "sys.prefix", "");
    project.write("modelcrate.yaml", &spec("python: '3.11'"));
    lock(engine, &project);
    project
}

/// The digest of the highest layer that has this file; those of the base are never looked into.
#[track_caller]
fn layer_with(layout: &Layout, file: &str) -> String {
    let image = layout.image_alone();
    let path = format!("/opt/venv/lib/python3.11/site-packages/{file}");
    let mut layers = image.layers.iter().rev();
    let layer = layers.find(|layer| layout.tree(layer).0.contains_key(&path));
    layer
        .unwrap_or_else(|| panic!("no layer has {path}"))
        .digest
        .clone()
}

/// Small members of a heavy family.
const HEAVY: &str = "cuda-pathfinder==1.2.2";
const HEAVY_FILE: &str = "cuda/pathfinder/__init__.py";

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_heavy_family_is_the_same_layer_in_two_projects_on_two_engines() {
    let (one, other) = (Engine::main(), Engine::fresh());
    let first = project(&one, "first", &[HEAVY, "idna==3.10"]);
    let second = project(&one, "second", &[HEAVY, "sniffio==1.3.1"]);
    let (first, _) = Build::of(&first).layout(&one, &[]);
    let (second, _) = Build::of(&second).layout(&other, &[]);
    let heavy = layer_with(&first, HEAVY_FILE);
    assert_eq!(heavy, layer_with(&second, HEAVY_FILE));
    assert_ne!(heavy, layer_with(&first, "idna/__init__.py"));
    assert_ne!(heavy, layer_with(&first, "first/__init__.py"));
    assert_ne!(
        layer_with(&first, "idna/__init__.py"),
        layer_with(&first, "first/__init__.py")
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_step_runs_again_for_its_own_packages_alone() {
    let engine = Engine::main();
    let project = project(&engine, "app", &[HEAVY, "idna==3.10"]);
    let build = Build::of(&project);
    let (before, _) = build.layout(&engine, &[]);

    // An engine remembers the runs before this one.
    project.edit("pyproject.toml", "0.1.0", &format!("0.{}", std::process::id()));
    lock(&engine, &project);
    let (_, built) = build.layout(&engine, &[]);
    let installed = |built: &modelcrate_tests::Built| -> Vec<String> {
        let installs = |name: &&str| name.starts_with("install ");
        built
            .ran()
            .into_iter()
            .filter(installs)
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(installed(&built), ["install app"]);

    project.edit(
        "pyproject.toml",
        "\"idna==3.10\"",
        "\"idna==3.10\", \"sniffio==1.3.1\"",
    );
    lock(&engine, &project);
    let (after, built) = build.layout(&engine, &[]);
    // The manifest has changed, so the project is installed again too.
    assert_eq!(installed(&built), ["install app", "install rest (2 packages)"]);
    assert_eq!(layer_with(&before, HEAVY_FILE), layer_with(&after, HEAVY_FILE));
}
