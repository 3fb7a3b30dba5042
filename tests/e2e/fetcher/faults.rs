//! One file, and what may go wrong on its way.

use std::fs;

use modelcrate_fetcher::download::{Brought, Progress, Target, to_file};
use modelcrate_fetcher::exit::Exit;
use modelcrate_tests::hub::{Access, Fault, Repository, Side};
use tempfile::TempDir;

use super::scene::*;

#[test]
fn every_fault_ends_in_the_right_file_or_the_right_class() {
    let forever = u32::MAX;
    let scene = Scene::new();
    for (fault, times, expected) in [
        (Fault::Cut { percent: 40 }, 3, Ok(())),
        (Fault::Cut { percent: 0 }, forever, Err(Exit::Network)),
        (Fault::Hang { percent: 30 }, 1, Ok(())),
        (Fault::Flip, forever, Err(Exit::Integrity)),
        (Fault::Status(500), 2, Ok(())),
        (Fault::Status(500), forever, Err(Exit::Network)),
        (Fault::Status(403), 2, Ok(())),
        (Fault::Status(403), forever, Err(Exit::Denied)),
        (Fault::Page, forever, Err(Exit::Integrity)),
        (Fault::NoRange, forever, Ok(())),
        (Fault::OneLane, forever, Ok(())),
        (Fault::Limited { seconds: 0 }, 2, Ok(())),
        (Fault::Expires { uses: 2 }, forever, Ok(())),
        (Fault::Expires { uses: 0 }, forever, Err(Exit::Denied)),
    ] {
        let what = format!("{fault:?} {times} times");
        for way in ["file", "memory"] {
            scene.hub.heal();
            scene.hub.fail_times(times, REPOSITORY, WEIGHTS, fault);
            let _ = fs::remove_dir_all(scene.out());
            let got = match way {
                "file" => wait(scene.to_file()).map(|_| fs::read(scene.out().join(WEIGHTS)).unwrap()),
                _ => wait(scene.to_memory()),
            };
            match (got, expected) {
                (Ok(bytes), Ok(())) => assert!(bytes == scene.bytes, "{what}, to {way}: other bytes"),
                (Err(error), Err(exit)) => {
                    assert_eq!(error.exit(), exit, "{what}, to {way}: {error}");
                    assert!(!error.to_string().contains("Signature"), "{error}");
                    assert!(!scene.out().join(WEIGHTS).exists(), "{what}");
                }
                (got, _) => panic!("{what}, to {way}: {:?}", got.map(|bytes| bytes.len())),
            }
        }
        if expected.is_ok() {
            wait(scene.to_file()).unwrap();
            assert_eq!(names(&scene.out()), [WEIGHTS], "{what} leaves something");
        }
    }
}

#[test]
fn a_file_without_ranges_that_is_cut_keeps_what_came() {
    let scene = Scene::new();
    scene.hub.fail_times(1, REPOSITORY, WEIGHTS, Fault::NoRange);
    scene
        .hub
        .fail_times(1, REPOSITORY, WEIGHTS, Fault::Cut { percent: 50 });
    scene.hub.fail(REPOSITORY, WEIGHTS, Fault::NoRange);
    wait(scene.to_file()).unwrap();
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
}

#[test]
fn a_token_is_shown_to_the_hub_alone() {
    let scene = Scene::new();
    let model = scene.folder.path().join("model");
    scene
        .hub
        .publish(Repository::of(REPOSITORY, &model).with(Access::gated(&[TOKEN])));
    let remote = scene.visit(Some(TOKEN)).file(&scene.commit, WEIGHTS).unwrap();
    let target = Target::new(&scene.out(), WEIGHTS).unwrap();
    let brought = wait(to_file(
        &remote,
        &scene.weights,
        &target,
        None,
        &Progress::default(),
    ));
    assert_eq!(brought, Ok(Brought::Downloaded));
    let requests = scene.hub.requests();
    assert!(requests.iter().any(|request| request.side == Side::Cdn));
    for request in requests {
        assert_eq!(request.authorized, request.side == Side::Hub, "{request}");
    }
}

#[test]
fn a_file_that_is_there_is_not_brought_again() {
    let scene = Scene::new();
    fs::create_dir(scene.out()).unwrap();
    fs::write(scene.out().join(WEIGHTS), &scene.bytes).unwrap();
    assert_eq!(wait(scene.to_file()), Ok(Brought::WasThere));
    assert_eq!(scene.hub.requests(), []);
    // Of the right size, and another.
    fs::write(scene.out().join(WEIGHTS), vec![0; SIZE]).unwrap();
    assert_eq!(wait(scene.to_file()), Ok(Brought::Downloaded));
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
}

#[test]
fn a_file_may_be_put_together_on_another_disk() {
    let scene = Scene::new();
    let Ok(elsewhere) = TempDir::new_in("/dev/shm") else {
        return;
    };
    let (code, said) = run(scene.file_command().arg("--partial").arg(elsewhere.path()));
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(fs::read(scene.out().join(WEIGHTS)).unwrap() == scene.bytes);
    assert_eq!(names(&scene.out()), [WEIGHTS]);
    assert_eq!(names(elsewhere.path()), [""; 0]);
}
