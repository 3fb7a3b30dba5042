//! Exit codes, and what is said with them.

use std::net::TcpListener;
use std::sync::Arc;

use modelcrate_tests::hub::{Access, Repository};
use modelcrate_tests::s3::S3;

use super::bed::{Bed, MODEL, SMALL, TOKEN, WHOLE};

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn the_exit_code_tells_the_class() {
    let mut bed = Bed::new();
    bed.publish(1, 1000);

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
    bed.set("IDLE_TIMEOUT", "1");
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

    // A hub that does the same. The bucket is a real one again, and may take its time.
    bed.set("IDLE_TIMEOUT", "3");
    let hub = format!("http://{}", silent.local_addr().expect("an address"));
    bed.set("HF_ENDPOINT", &hub);
    let words = bed.load().ended(5, "network");
    assert!(words.contains(&hub), "{words}");
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
