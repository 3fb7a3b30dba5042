//! The same input gives the same bytes, wherever and whenever it is built.

use modelcrate_tests::{Build, Engine, Layout, Project};

const EPOCH: [(&str, &str); 1] = [("SOURCE_DATE_EPOCH", "1700000000")];

fn build<'a>(project: &'a Project, env: &'a [(&'a str, &'a str)]) -> Build<'a> {
    Build {
        options: &["--provenance=false"],
        env,
        ..Build::of(project)
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn two_empty_engines_give_the_same_digest() {
    let project = Project::fixture("heavy");
    let layout = |attributes: &[&str]| {
        let (layout, _) = build(&project, &EPOCH).layout(&Engine::fresh(), attributes);
        layout
    };
    let (one, other) = (
        layout(&["rewrite-timestamp=true"]),
        layout(&["rewrite-timestamp=true"]),
    );
    assert_eq!(one.image_alone().config, other.image_alone().config);
    assert_eq!(one.digest(), other.digest());
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn layers_are_the_same_bytes_without_the_exporters_help() {
    let project = Project::fixture("heavy");
    let (one, _) = build(&project, &[]).layout(&Engine::fresh(), &[]);
    let (other, _) = build(&project, &[]).layout(&Engine::fresh(), &[]);
    let (one, other) = (one.image_alone(), other.image_alone());
    assert_eq!(one.layers, other.layers);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn two_projects_share_the_blob_of_a_heavy_package() {
    let engine = Engine::main();
    let heavy = |layout: &Layout| layout.layer_with("/nvidia/nvtx/lib/libnvToolsExt.so.1");
    let project = Project::fixture("heavy");
    let (one, _) = Build::of(&project).layout(&engine, &[]);
    let other = Project::fixture("heavy-more");
    other.write(
        "modelcrate.yaml",
        &project.read("modelcrate.yaml").replace("heavy", "another"),
    );
    for file in ["pyproject.toml", "uv.lock"] {
        other.write(
            file,
            &other
                .read(file)
                .replace("\"heavy\"", "\"another\"")
                .replace("heavy =", "another ="),
        );
    }
    other.edit("pyproject.toml", "heavy:main", "another:main");
    other.write(
        "src/another/__init__.py",
        "def main() -> None:\n    print('another runs')\n",
    );
    let (another, _) = Build::of(&other).layout(&Engine::fresh(), &[]);
    assert_eq!(heavy(&one), heavy(&another));
}
