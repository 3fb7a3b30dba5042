use super::{gateway, solved};
use crate::gateway::fake_engine::{Call, FakeEngine};

#[tokio::test]
async fn ref_read_file_reads_whole_files_and_tells_missing_ones() {
    let engine = FakeEngine::current().file("context", "uv.lock", "version = 1");
    let gateway = gateway(&engine).await;
    let files = solved(&gateway, "context").await;
    assert_eq!(
        gateway.read_file(&files, "uv.lock").await.unwrap(),
        b"version = 1"
    );
    assert!(
        gateway
            .read_file(&files, "nope")
            .await
            .unwrap_err()
            .is_not_found()
    );
}

#[tokio::test]
async fn ref_read_file_takes_ranges_inside_and_past_the_end() {
    let engine = FakeEngine::current().file("context", "f", "0123456789");
    let gateway = gateway(&engine).await;
    let files = solved(&gateway, "context").await;
    for (offset, length, expected) in [(0, 3, "012"), (7, 3, "789"), (8, 99, "89"), (20, 5, "")] {
        let range = gateway.read_range(&files, "f", offset, length).await.unwrap();
        assert_eq!(range, expected.as_bytes(), "{offset}+{length}");
    }
}

#[tokio::test]
async fn a_file_larger_than_a_message_is_read_in_parts() {
    let large: Vec<u8> = (0..20_000_000_u32).map(|at| (at % 251) as u8).collect();
    let engine = FakeEngine::current().file("context", "large", large.clone());
    let gateway = gateway(&engine).await;
    let files = solved(&gateway, "context").await;
    assert!(gateway.read_file(&files, "large").await.unwrap() == large);
    let reads = engine
        .calls()
        .into_iter()
        .filter(|call| matches!(call, Call::ReadFile(..)));
    assert_eq!(reads.count(), 3);
}

#[tokio::test]
async fn ref_read_dir_and_stat_file_say_what_is_there() {
    let engine =
        FakeEngine::current()
            .file("context", "app/main.py", "x")
            .file("context", "pyproject.toml", "y");
    let gateway = gateway(&engine).await;
    let files = solved(&gateway, "context").await;
    let names: Vec<(String, bool)> = gateway
        .read_dir(&files, "/", "")
        .await
        .unwrap()
        .into_iter()
        .map(|entry| (entry.name, entry.is_dir))
        .collect();
    assert_eq!(
        names,
        [("app".to_owned(), true), ("pyproject.toml".to_owned(), false)]
    );
    assert_eq!(gateway.stat_file(&files, "pyproject.toml").await.unwrap().size, 1);
    assert!(
        gateway
            .stat_file(&files, "nope")
            .await
            .unwrap_err()
            .is_not_found()
    );
}
