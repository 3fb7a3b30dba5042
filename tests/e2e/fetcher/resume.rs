//! Downloads that were cut off, and several of the same file.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};

use modelcrate_fetcher::download::Brought;
use modelcrate_tests::hub::Fault;

use super::scene::*;

#[test]
fn a_killed_download_goes_on_where_it_was() {
    let scene = Scene::new();
    scene
        .hub
        .fail(REPOSITORY, WEIGHTS, Fault::Slow { rate: 1_000_000 });
    let mut first = scene.file_command().stderr(Stdio::null()).spawn().unwrap();
    let state = scene
        .out()
        .join(".modelcrate-partial")
        .join(&scene.weights.sha256)
        .join("state.json");
    wait_until(&mut first, || written(&state) > 8_000_000);
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(!scene.out().join(WEIGHTS).exists());
    let there = written(&state);

    scene.hub.heal();
    scene.hub.take_requests();
    let (code, said) = run(&mut scene.file_command());
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert_eq!(scene.asked(), SIZE as u64 - there);
    assert_eq!(names(&scene.out()), [WEIGHTS]);
}

#[test]
fn what_a_killed_process_left_may_be_wrong() {
    let scene = Scene::new();
    scene.hub.fail(REPOSITORY, WEIGHTS, Fault::Status(500));
    scene
        .hub
        .fail_times(1, REPOSITORY, WEIGHTS, Fault::Cut { percent: 50 });
    let folder = scene
        .out()
        .join(".modelcrate-partial")
        .join(&scene.weights.sha256);
    assert!(wait(scene.to_file()).is_err());
    // The state says that the whole file is there.
    let state = format!(r#"{{"etag":null,"done":[{{"start":0,"end":{SIZE}}}]}}"#);
    fs::write(folder.join("state.json"), state).unwrap();
    scene.hub.heal();
    assert_eq!(wait(scene.to_file()), Ok(Brought::Downloaded));
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
}

#[test]
fn processes_that_want_the_same_file_bring_it_once() {
    let scene = Scene::new();
    let mut processes: Vec<Child> = (0..3).map(|_| scene.file_command().spawn().unwrap()).collect();
    for process in &mut processes {
        assert!(process.wait().unwrap().success());
    }
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert_eq!(scene.asked(), SIZE as u64);
    assert_eq!(names(&scene.out()), [WEIGHTS]);
}

/// Bytes that a state says are there.
fn written(state: &Path) -> u64 {
    let mut text = String::new();
    let read = fs::File::open(state).and_then(|mut file| file.read_to_string(&mut text));
    let state: serde_json::Value = match read {
        Ok(_) => serde_json::from_str(&text).expect("a state is written as a whole"),
        Err(_) => return 0,
    };
    let length = |range: &serde_json::Value| Some(range["end"].as_u64()? - range["start"].as_u64()?);
    state["done"].as_array().unwrap().iter().filter_map(length).sum()
}
