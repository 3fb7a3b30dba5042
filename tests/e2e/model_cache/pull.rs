//! From the bucket into a volume.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::bed::{Bed, MODEL, SMALL, weights};
use super::counter::Counter;

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_model_is_pulled_into_a_volume_and_checked() {
    let bed = Bed::new();
    bed.publish(1, SMALL);
    let volume = bed.folder.path().join("volume");
    let words = bed.pull(&volume).ended(4, "missing");
    assert!(words.contains("run `model-cache` first"), "{words}");
    bed.load().done();
    bed.pull(&volume).done();
    let read = |path: &str| std::fs::read(volume.join(path)).expect("a file");
    assert!(read("onnx/b.safetensors") == weights(2, SMALL));
    assert_eq!(
        bed.marker().expect("a marker"),
        serde_json::from_slice::<serde_json::Value>(&read(".complete.json")).expect("JSON")
    );
    let mode = volume
        .join("config.json")
        .metadata()
        .expect("its mode")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o644, "servers of other users read it");

    // A file that lost bytes is brought again, and only that one.
    std::fs::write(volume.join("config.json"), "{}").expect("a file");
    let words = bed.pull(&volume).done();
    assert!(
        words.contains("pulled config.json") && !words.contains("pulled a.safetensors"),
        "{words}"
    );
    assert!(
        bed.pull(&volume)
            .done()
            .lines()
            .all(|line| !line.starts_with("pulled"))
    );

    // An object whose bytes are not those that the marker promises.
    let marker = String::from_utf8(
        bed.s3
            .get(&bed.bucket, &bed.key(".complete.json"))
            .expect("a marker"),
    )
    .expect("text");
    let sha256 = bed.marker().expect("a marker")["files"][0]["sha256"]
        .as_str()
        .expect("text")
        .to_owned();
    bed.s3.put(
        &bed.bucket,
        &bed.key(".complete.json"),
        marker.replace(&sha256, &"0".repeat(64)).as_bytes(),
    );
    let other = bed.folder.path().join("other");
    let words = bed.pull(&other).ended(6, "integrity");
    assert!(words.contains("a.safetensors"), "{words}");
    assert!(!other.join("a.safetensors").exists() && !other.join(".complete.json").exists());
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_volume_has_no_file_of_the_revision_before() {
    let mut bed = Bed::new();
    bed.publish(1, 1000);
    let volume = bed.folder.path().join("volume");
    bed.load().done();
    bed.pull(&volume).done();
    std::fs::write(volume.join("notes.txt"), "of a person").expect("a file");

    let repository = bed.folder.path().join("repository-1");
    std::fs::rename(repository.join("a.safetensors"), repository.join("c.safetensors")).expect("a file");
    let new = bed.hub.push(MODEL, &repository);
    bed.set("REVISION", new);
    bed.load().done();
    bed.pull(&volume).done();
    assert_eq!(
        entries(&volume),
        [
            ".complete.json",
            "c.safetensors",
            "config.json",
            "notes.txt",
            "onnx"
        ]
    );
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_pull_that_was_killed_claims_nothing_and_the_next_goes_on() {
    let mut bed = Bed::new();
    bed.publish(1, SMALL);
    bed.load().done();
    let counter = Counter::before(bed.s3.url());
    bed.set("S3_ENDPOINT_URL", &counter.url);
    let volume = bed.folder.path().join("volume");
    counter.stall_after(SMALL / 2);
    let mut running = bed.start(&["pull", &volume.display().to_string()]);
    running.until(|| counter.stalls());
    running.kill();
    let there = entries(&volume);
    assert!(
        !there.contains(&".complete.json".to_owned()) && !there.contains(&"a.safetensors".to_owned()),
        "{there:?}"
    );
    // The addresses of objects are signed: what is said of one that does not answer must not hold it.
    bed.set("IDLE_TIMEOUT", "1");
    let words = bed.pull(&volume).ended(5, "network");
    assert!(words.contains(&counter.url), "{words}");

    counter.go_on();
    bed.set("IDLE_TIMEOUT", "60");
    bed.pull(&volume).done();
    assert_eq!(
        entries(&volume),
        [".complete.json", "a.safetensors", "config.json", "onnx"],
        "nothing hidden is left"
    );
    assert!(std::fs::read(volume.join("a.safetensors")).expect("a file") == weights(1, SMALL));
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}
