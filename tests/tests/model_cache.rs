//! `model-cache` between a hub and a real S3 server: what is in the bucket afterwards, what is said, and what is asked.
//!
//! Every run's output is searched for secrets (`model_cache/bed.rs`).

#[path = "model_cache/bed.rs"]
mod bed;
#[path = "model_cache/counter.rs"]
mod counter;

use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use bed::{Bed, MODEL, TOKEN, weights};
use counter::Counter;
use modelcrate_tests::hub::{Access, Fault, Repository};
use modelcrate_tests::s3::S3;
use sha2::{Digest, Sha256};

/// Two parts, of which the second is short.
const SMALL: usize = 9_000_000;

const WHOLE: [&str; 4] = [
    ".complete.json",
    "a.safetensors",
    "config.json",
    "onnx/b.safetensors",
];

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_model_is_stored_once_and_found_with_one_read_and_one_listing() {
    let mut bed = Bed::new();
    let commit = bed.publish(1, SMALL);
    let counter = Counter::before(bed.s3.url());
    bed.set("S3_ENDPOINT_URL", &counter.url);
    let words = bed.load().done();
    assert!(words.contains("nothing is there"), "{words}");
    assert_eq!(bed.objects(), WHOLE);
    let stored = bed.s3.get(&bed.bucket, &bed.key("a.safetensors"));
    assert!(
        stored == Some(weights(1, SMALL)),
        "the bytes are those of the hub"
    );
    let marker = bed.marker().expect("a marker");
    assert_eq!(
        (&marker["commit"], &marker["revisions"][0]),
        (&commit.into(), &"main".into())
    );
    let sha256: String = Sha256::digest(weights(1, SMALL))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        (&marker["files"][0]["path"], &marker["files"][0]["sha256"]),
        (&"a.safetensors".into(), &sha256.into())
    );

    counter.take();
    bed.hub.take_requests();
    let words = bed.load().done();
    assert!(words.contains("already: commit"), "{words}");
    let asked = counter.take();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[1].contains("list-type=2"), "{asked:?}");
    assert!(asked[0].contains(".complete.json"), "{asked:?}");
    assert!(bed.hub.take_requests().is_empty(), "the hub is not asked");
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn what_is_not_whole_is_not_there() {
    let bed = Bed::new();
    bed.publish(1, SMALL);
    // A sibling's folder begins with the same letters, and half an upload of somebody else's has no marker.
    bed.s3
        .put(&bed.bucket, "models/org/model-2/.complete.json", b"{}");
    bed.s3.put(&bed.bucket, &bed.key("config.json"), b"{\"seed\":1}");
    let words = bed.load().done();
    assert!(words.contains("what is there was never complete"), "{words}");
    bed.fetched();

    bed.s3.delete(&bed.bucket, &bed.key("onnx/b.safetensors"));
    let words = bed.load().done();
    assert!(
        words.contains("`onnx/b.safetensors` of org/model is missing"),
        "{words}"
    );
    assert!(
        !bed.fetched().contains(&"a.safetensors".to_owned()),
        "what is whole is kept"
    );
    assert_eq!(bed.objects(), WHOLE);

    // The same size, and other bytes.
    bed.s3
        .put(&bed.bucket, &bed.key("a.safetensors"), &weights(9, SMALL));
    bed.load().done();
    assert!(bed.s3.get(&bed.bucket, &bed.key("a.safetensors")) == Some(weights(1, SMALL)));
    bed.load()
        .done()
        .contains("already")
        .then_some(())
        .expect("it is whole again");
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn another_revision_takes_the_place_of_the_one_before() {
    let mut bed = Bed::new();
    let old = bed.publish(1, SMALL);
    bed.load().done();
    // The commit by its own name is what `main` stood for: nothing is asked, nothing is moved.
    bed.set("REVISION", &old);
    bed.fetched();
    assert!(bed.load().done().contains("already"));
    assert!(bed.fetched().is_empty());

    let repository = bed.folder.path().join("repository-1");
    std::fs::rename(repository.join("a.safetensors"), repository.join("c.safetensors")).expect("a file");
    let new = bed.hub.push(MODEL, &repository);
    bed.set("REVISION", "main");
    assert!(
        bed.load().done().contains("already"),
        "a branch stays what it was when it was stored"
    );
    bed.set("REVISION", &new);
    bed.load().done();
    assert_eq!(
        bed.objects(),
        [
            ".complete.json",
            "c.safetensors",
            "config.json",
            "onnx/b.safetensors"
        ]
    );
    assert_eq!(bed.marker().expect("a marker")["commit"], new.as_str());
    // Another name of the commit that is there.
    bed.set("REVISION", "main");
    bed.fetched();
    bed.load().done();
    assert!(
        !bed.fetched().contains(&"c.safetensors".to_owned()),
        "no shard is moved"
    );
    let revisions = bed.marker().expect("a marker")["revisions"].clone();
    assert_eq!(revisions, serde_json::json!([new, "main"]));
}

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
    running.terminate().ended(143, "terminated");
    assert_eq!(bed.objects(), ["a.safetensors", "config.json"]);
    assert_eq!(way().count(), 0, "nothing is left on the disk");
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn bytes_that_are_not_the_promised_ones_become_no_object() {
    let mut bed = Bed::new();
    bed.publish(1, SMALL);
    let way = bed.folder.path().join("way");
    std::fs::create_dir(&way).expect("a folder");
    bed.hub.fail(MODEL, "a.safetensors", Fault::Flip);
    for folder in ["", &way.display().to_string()] {
        bed.set("DOWNLOAD_DIR", folder);
        let words = bed.load().ended(6, "integrity");
        assert!(
            words.contains("a.safetensors") && words.contains("SHA-256"),
            "{words}"
        );
        let objects = bed.objects();
        assert!(
            !objects.contains(&"a.safetensors".to_owned()) && bed.marker().is_none(),
            "{objects:?}"
        );
        assert!(!objects.contains(&".uploading.json".to_owned()), "{objects:?}");
    }
    bed.hub.heal();
    // An error page, cut connections, expired addresses: in the end the right bytes.
    bed.hub
        .fail_times(2, MODEL, "a.safetensors", Fault::Cut { percent: 40 });
    bed.hub
        .fail_times(1, MODEL, "onnx/b.safetensors", Fault::Expires { uses: 0 });
    bed.set("DOWNLOAD_DIR", "");
    bed.load().done();
    assert!(bed.s3.get(&bed.bucket, &bed.key("a.safetensors")) == Some(weights(1, SMALL)));
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn the_exit_code_tells_the_class() {
    let mut bed = Bed::new();
    bed.publish(1, 1000);
    bed.set("IDLE_TIMEOUT", "1");

    bed.set("AWS_SECRET_ACCESS_KEY", "another+secret/of-the-tests");
    let words = bed.load().ended(3, "denied");
    assert!(words.contains("SignatureDoesNotMatch"), "{words}");
    assert!(words.contains("AWS_SECRET_ACCESS_KEY") && words.contains("starting again changes nothing"));
    assert!(!words.contains("another+secret"), "{words}");
    bed.set("AWS_SECRET_ACCESS_KEY", S3::SECRET);

    let bucket = bed.bucket.clone();
    bed.set("S3_BUCKET", "there-is-none");
    let words = bed.load().ended(4, "missing");
    assert!(words.contains("no bucket `there-is-none`"), "{words}");
    bed.set("S3_BUCKET", bucket);

    bed.set("MODEL_NAME", "org/other");
    bed.load().ended(4, "missing");
    bed.set("MODEL_NAME", MODEL);
    bed.set("REVISION", "v9");
    let words = bed.load().ended(4, "missing");
    assert!(words.contains("v9"), "{words}");
    bed.set("REVISION", "main");

    // A service that takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = bed.s3.url().to_owned();
    bed.set(
        "S3_ENDPOINT_URL",
        format!("http://{}", silent.local_addr().expect("an address")),
    );
    let words = bed.load().ended(5, "network");
    assert!(
        words.contains("does not answer") && words.contains("IDLE_TIMEOUT"),
        "{words}"
    );
    bed.set("S3_ENDPOINT_URL", url);
    assert!(bed.objects().is_empty(), "nothing is left of any of these");
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_gated_model_wants_a_token_that_was_let_in() {
    let mut bed = Bed::new();
    bed.publish(1, SMALL);
    let folder = bed.folder.path().join("repository-1");
    let gated = |tokens: &[&str]| Repository::of(MODEL, &folder).with(Access::gated(tokens));
    bed.hub.publish(gated(&["hf_somebodyElsesToken"]));
    let words = bed.load().ended(3, "denied");
    assert!(words.contains(MODEL) && words.contains("hint: "), "{words}");
    assert!(bed.objects().is_empty(), "nothing large was moved");
    bed.set("HF_TOKEN", "");
    bed.load().ended(3, "denied");
    bed.set("HF_TOKEN", TOKEN);
    bed.hub.publish(gated(&[TOKEN]));
    bed.load().done();
    assert_eq!(bed.objects(), WHOLE);
}

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn a_bucket_without_room_is_storage_and_nothing_half_true_stays() {
    let mut bed = Bed::at(Arc::new(S3::with_room(64)));
    bed.publish(1, 200_000_000);
    // Retries end after twice that time.
    bed.set("IDLE_TIMEOUT", "5");
    let words = bed.load().ended(7, "storage");
    assert!(words.contains("is it full, or in trouble?"), "{words}");
    assert_eq!(bed.marker(), None);
}

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

/// The bound that `--help` and the README state, on 300 MB.
#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn memory_stays_below_256_mib_with_and_without_a_disk() {
    let mut bed = Bed::new();
    bed.publish(1, 150_000_000);
    for folder in ["", "way"] {
        let place = bed.folder.path().join(folder);
        std::fs::create_dir_all(&place).expect("a folder");
        bed.set(
            "DOWNLOAD_DIR",
            if folder.is_empty() {
                String::new()
            } else {
                place.display().to_string()
            },
        );
        bed.set("S3_PREFIX", format!("models{folder}/"));
        let mut running = bed.start(&[]);
        let mut peak = 0;
        while running.runs() {
            peak = peak.max(peak_of(running.id()).unwrap_or(0));
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        running.end().done();
        println!("peak with `{folder}`: {peak} KiB");
        assert!((1..256 << 10).contains(&peak), "{peak} KiB");
    }
}

/// The most memory that a process had so far, in KiB (proc_pid_status(5)).
fn peak_of(id: u32) -> Option<u64> {
    let mut status = String::new();
    std::fs::File::open(format!("/proc/{id}/status"))
        .ok()?
        .read_to_string(&mut status)
        .ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
