//! Several at the same time, and those that are killed.

use std::os::unix::fs::PermissionsExt;

use modelcrate_tests::hub::Fault;

use super::bed::{Bed, MODEL, SMALL, WHOLE, weights};

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn ten_that_start_together_store_it_once() {
    let bed = Bed::new();
    bed.publish(1, SMALL);
    let running: Vec<_> = (0..10).map(|_| bed.start(&[])).collect();
    for one in running {
        one.end().done();
    }
    let requests = bed.hub.take_requests();
    let resolved = requests
        .iter()
        .filter(|request| request.path.contains("/revision/"))
        .count();
    assert_eq!(resolved, 1, "one asks the hub: {requests:?}");
    assert_eq!(bed.objects(), WHOLE);
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn after_a_kill_the_next_goes_on_at_once_and_keeps_what_is_whole() {
    let bed = Bed::new();
    bed.publish(1, SMALL);
    bed.hub
        .fail(MODEL, "onnx/b.safetensors", Fault::Hang { percent: 50 });
    let mut first = bed.start(&[]);
    first.until(|| bed.objects().contains(&"a.safetensors".to_owned()));
    first.kill();
    assert_eq!(bed.marker(), None);
    bed.hub.heal();
    bed.fetched();
    // It does not wait for the lease of a process that is certainly dead: IDLE_TIMEOUT is a minute.
    let words = bed.load().done();
    assert!(!words.contains("waiting"), "{words}");
    assert!(
        !bed.fetched().contains(&"a.safetensors".to_owned()),
        "what is whole is kept"
    );
    assert_eq!(bed.objects(), WHOLE);
    assert!(bed.s3.get(&bed.bucket, &bed.key("onnx/b.safetensors")) == Some(weights(2, SMALL)));
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_signal_leaves_neither_lease_nor_parts() {
    let mut bed = Bed::new();
    bed.publish(1, SMALL);
    bed.set(
        "DOWNLOAD_DIR",
        bed.folder.path().join("way").display().to_string(),
    );
    std::fs::create_dir(bed.folder.path().join("way")).expect("a folder");
    bed.hub
        .fail(MODEL, "onnx/b.safetensors", Fault::Hang { percent: 50 });
    let mut running = bed.start(&[]);
    running.until(|| bed.objects().contains(&"a.safetensors".to_owned()));
    let way = || bed.folder.path().join("way").read_dir().expect("a folder");
    let own = way()
        .next()
        .expect("a folder for files on their way")
        .expect("an entry");
    assert_eq!(
        own.metadata().expect("its mode").permissions().mode() & 0o777,
        0o700
    );
    running.signal("TERM");
    running.end().ended(143, "terminated");
    assert_eq!(bed.objects(), ["a.safetensors", "config.json"]);
    assert_eq!(way().count(), 0, "nothing is left on the disk");
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn who_was_taken_for_dead_leaves_the_lease_to_the_other() {
    let mut bed = Bed::new();
    bed.publish(1, SMALL);
    bed.set("IDLE_TIMEOUT", "3");
    bed.hub
        .fail(MODEL, "onnx/b.safetensors", Fault::Hang { percent: 50 });
    let mut first = bed.start(&[]);
    first.until(|| bed.objects().contains(&"a.safetensors".to_owned()));
    let owner = || bed.lease().map(|lease| lease["id"].clone());
    let of_first = owner();
    first.signal("STOP");
    let mut second = bed.start(&[]);
    second.until(|| owner() != of_first);
    first.signal("CONT");
    let words = first.end().ended(8, "busy");
    assert!(words.contains("took over"), "{words}");
    assert!(owner().is_some(), "the lease is the second one's");
    bed.hub.heal();
    second.end().done();
    assert_eq!(bed.objects(), WHOLE);
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_beat_whose_answer_was_lost_loses_no_lease() {
    let mut bed = Bed::new();
    bed.publish(1, SMALL);
    bed.set("IDLE_TIMEOUT", "3");
    bed.hub
        .fail(MODEL, "onnx/b.safetensors", Fault::Hang { percent: 50 });
    let mut running = bed.start(&[]);
    running.until(|| bed.lease().is_some());
    // As if the program's own request had come twice: the claim is its own, the state is one that it does not know.
    let mut lease = bed.lease().expect("a lease");
    lease["beat"] = 1000.into();
    bed.s3.put(
        &bed.bucket,
        &bed.key(".uploading.json"),
        lease.to_string().as_bytes(),
    );
    running.until(|| bed.lease().is_some_and(|lease| lease["beat"] != 1000));
    bed.hub.heal();
    running.end().done();
    assert_eq!(bed.objects(), WHOLE);
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn what_was_half_stored_of_another_commit_goes_and_what_others_put_there_stays() {
    let mut bed = Bed::new();
    bed.publish(1, SMALL);
    bed.s3.put(&bed.bucket, &bed.key("notes.txt"), b"of a person");
    bed.hub
        .fail(MODEL, "onnx/b.safetensors", Fault::Hang { percent: 50 });
    let mut first = bed.start(&[]);
    first.until(|| bed.objects().contains(&"a.safetensors".to_owned()));
    first.kill();
    bed.hub.heal();
    let repository = bed.folder.path().join("repository-1");
    std::fs::rename(repository.join("a.safetensors"), repository.join("c.safetensors")).expect("a file");
    let new = bed.hub.push(MODEL, &repository);
    bed.set("REVISION", new);
    bed.load().done();
    let whole = [
        ".complete.json",
        "c.safetensors",
        "config.json",
        "notes.txt",
        "onnx/b.safetensors",
    ];
    assert_eq!(bed.objects(), whole);
}
