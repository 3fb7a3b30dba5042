//! The S3 server of the tests is what it says.

use modelcrate_tests::s3::S3;

#[test]
#[ignore = "needs an S3 server: ./dev test"]
fn the_s3_server_keeps_objects_and_lets_nobody_in_without_a_key() {
    let s3 = S3::start();
    s3.bucket("models");
    s3.put("models", "a b/c+d.json", b"{}");
    s3.put("models", "a b/deep/er.bin", &[7; 3_000_000]);
    assert_eq!(
        s3.objects("models"),
        [
            ("a b/c+d.json".to_owned(), 2),
            ("a b/deep/er.bin".to_owned(), 3_000_000)
        ]
    );
    assert_eq!(s3.get("models", "a b/c+d.json").as_deref(), Some(&b"{}"[..]));
    s3.delete("models", "a b/c+d.json");
    assert_eq!(s3.get("models", "a b/c+d.json"), None);

    let stranger = ureq::get(format!("{}/models?list-type=2", s3.url())).call();
    assert!(
        matches!(stranger, Err(ureq::Error::StatusCode(403))),
        "{stranger:?}"
    );
}
