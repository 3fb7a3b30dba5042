//! Engines that lack what the layers of an image are made with.

use modelcrate_tests::buildx::with_syntax;
use modelcrate_tests::{Build, Engine, Progress, Project};

fn project() -> Project {
    let spec = "name: older\nuser: root\nrun: [\"echo ran >/ran\"]\ncopy: [{ file: /folder/file }]\n";
    Project::with(&[("modelcrate.yaml", &with_syntax(spec)), ("file", "copied")])
}

/// Docker's classic image store can neither merge nor diff: the same files get into the image by copies.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_engine_without_merges_builds_the_same_files() {
    let engine = Engine::classic();
    let project = project();
    let (image, built) = Build::of(&project).load(&engine);
    let steps = built
        .vertices
        .iter()
        .filter(|vertex| vertex.name.contains("copy a layer"));
    assert!(steps.count() > 0, "{:#?}", built.vertices);
    let tree = image.tree();
    assert_eq!(tree.at("/ran").head, b"ran\n");
    assert_eq!(tree.at("/folder/file").head, b"copied");
}

/// What is missing is found before anything runs, and the user is told what to do.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_engine_that_is_too_old_is_told_from_a_broken_spec() {
    let engine = Engine::old();
    let project = project();
    let build = Build {
        progress: Progress::Plain,
        ..Build::of(&project)
    };
    let seen = build.try_with(&engine, &[]).output;
    assert!(!seen.status.success(), "{}", seen.stderr);
    for words in [
        "this engine is too old for the feature `file.copy.alwaysreplaceexistingdestpaths`",
        "hint: update Docker Engine to 27.0 or later",
    ] {
        assert!(seen.stderr.contains(words), "{}", seen.stderr);
    }
}
