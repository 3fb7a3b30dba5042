//! Projects that are compiled with CMake: what is asked about them, and what is said of those that are not there.

use super::{build, engine};
use crate::gateway::fake_engine::Call;

const COMMIT: &str = "5f1d3c0e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d";

const SPEC: &str = "\
# syntax=modelcrate/frontend:1
base: python:3.11-slim
user: root
cmake:
  source: https://forge.test/engine.git#v1:native
  targets: [engine]
  token: forge
";

const SOURCE: &str = "git://forge.test/engine.git#v1";

#[tokio::test]
async fn a_tag_is_pinned_to_its_commit() {
    let engine = engine(SPEC).commit(SOURCE, COMMIT);
    let (graph, _) = build(&engine, &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    insta::assert_snapshot!(graph.dump());
    assert_eq!(engine.warnings().len(), 0);
}

#[tokio::test]
async fn an_engine_that_does_not_know_the_commit_fetches_the_tag_and_it_is_said() {
    for engine in [engine(SPEC), engine(SPEC).without(&["source.metaresolver"])] {
        let (graph, _) = build(&engine, &[])
            .await
            .map_err(|status| status.message)
            .unwrap();
        assert!(graph.dump().contains(SOURCE), "{}", graph.dump());
        let [warning] = engine.warnings().try_into().expect("one warning");
        let short = String::from_utf8_lossy(&warning.short).into_owned();
        assert!(short.starts_with("unpinned-git: `v1` is whatever"), "{short}");
    }
}

#[tokio::test]
async fn a_commit_is_not_asked_about() {
    let engine = engine(&SPEC.replace("#v1", &format!("#{COMMIT}")));
    assert!(build(&engine, &[]).await.is_ok());
    let asks = |call: &Call| matches!(call, Call::ResolveSourceMeta(request) if request.git.is_some());
    assert!(!engine.calls().iter().any(asks));
    assert_eq!(engine.warnings().len(), 0);
}

#[tokio::test]
async fn a_repository_that_cannot_be_read_points_at_its_line() {
    let engine = engine(SPEC).failing(
        "ResolveSourceMeta",
        tonic::Status::unknown("could not read Username"),
    );
    let status = build(&engine, &[]).await.expect_err("the build is refused");
    assert!(
        status.message.contains("could not read Username"),
        "{}",
        status.message
    );
    assert_eq!(status.details.len(), 1);
}

#[tokio::test]
async fn a_folder_without_a_project_is_found_before_an_image_is_looked_up() {
    let spec = SPEC.replace("https://forge.test/engine.git#v1:native", "native");
    let engine = engine(&spec.replace("  token: forge\n", ""));
    let status = build(&engine, &[]).await.expect_err("the build is refused");
    insta::assert_snapshot!(status.message);
    let looked_up = |call: &Call| matches!(call, Call::ResolveSourceMeta(_));
    assert!(!engine.calls().iter().any(looked_up));
}
