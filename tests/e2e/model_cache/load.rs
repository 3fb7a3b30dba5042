//! From the hub into the bucket, and what counts as there.

use modelcrate_tests::hub::Fault;
use sha2::{Digest, Sha256};

use super::bed::{Bed, MODEL, SMALL, WHOLE, weights};
use super::counter::Counter;

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
    let mut bed = Bed::new();
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
    let words = bed.load().done();
    assert!(words.contains("already"), "{words}");

    // Whose name the other's begins with is not there either.
    bed.set("MODEL_NAME", "org/mod");
    let words = bed.load().ended(4, "missing");
    assert!(words.contains("nothing is there"), "{words}");
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
        assert_eq!(
            way.read_dir().expect("a folder").count(),
            0,
            "nothing is left on the disk"
        );
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
