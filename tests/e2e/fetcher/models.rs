//! The models of an image that are fetched when its container starts.

use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

use modelcrate_fetcher::file::File;
use modelcrate_tests::hub::Fault;

use super::scene::*;

#[test]
fn the_models_of_an_image_are_brought_once() {
    let scene = Scene::new();
    let config = File {
        path: "config.json".into(),
        size: 2,
        sha256: sha256(b"{}"),
    };
    // Nobody knew this size when the image was built.
    let weights = File {
        size: 0,
        ..scene.weights.clone()
    };
    let manifest = scene.manifest(vec![config, weights]);
    let command = || {
        let mut command = fetcher();
        command.args(["models", "--manifest"]).arg(&manifest);
        command
    };
    let (code, said) = run(&mut command());
    assert_eq!(code, 0, "{said}");
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert_eq!(
        fs::read_to_string(scene.out().join("refs/main")).unwrap(),
        scene.commit
    );
    scene.hub.take_requests();

    let (code, said) = run(&mut command());
    assert_eq!((code, said.as_str()), (0, ""));
    assert_eq!(scene.hub.requests(), []);

    // A shard that was cut off by somebody is brought again, and nothing else.
    fs::write(scene.out().join(WEIGHTS), &scene.bytes[..1000]).unwrap();
    let (code, said) = run(&mut command());
    assert_eq!(code, 0, "{said}");
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert!(
        scene
            .hub
            .requests()
            .iter()
            .all(|request| !request.path.contains("config.json"))
    );
}

#[test]
fn one_file_that_cannot_be_had_ends_all() {
    let scene = Scene::new();
    for file in ["config.json", WEIGHTS] {
        scene.hub.fail(REPOSITORY, file, Fault::Slow { rate: 2 });
    }
    let other = File {
        path: "config.json".into(),
        size: 2,
        sha256: sha256(b"other"),
    };
    let manifest = scene.manifest(vec![other, scene.weights.clone()]);
    let mut command = fetcher();
    command.args(["models", "--manifest"]).arg(&manifest);
    let mut process = command.stderr(Stdio::null()).spawn().unwrap();
    assert_eq!(ends(&mut process), Some(6), "it waits for what nobody brings");
}

/// The exit code of a process that should end by itself. Nothing where it has to be killed.
fn ends(process: &mut Child) -> Option<i32> {
    for _ in 0..600 {
        if let Some(status) = process.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    None
}
