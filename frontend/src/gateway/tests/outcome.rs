use bollard_buildkit_proto::moby::buildkit::v1::frontend::result;

use super::solved;
use crate::gateway::fake_engine::FakeEngine;
use crate::gateway::{BuildResult, Connection, GatewayError, PlatformResult, Setup, Status};

#[tokio::test]
async fn the_outcome_is_returned_once() {
    let engine = FakeEngine::current();
    let connection = engine.connect().await;
    let drive = async |connection: &Connection| {
        let gateway = connection
            .ping(Setup::default())
            .await
            .map_err(GatewayError::into_status)?;
        let filesystem = solved(&gateway, "context").await;
        Ok(BuildResult {
            platforms: vec![PlatformResult {
                platform: "linux/amd64".parse().unwrap(),
                config: br#"{"os":"linux","architecture":"amd64"}"#.to_vec(),
                filesystem,
                ..PlatformResult::default()
            }],
            ..BuildResult::default()
        })
    };
    connection.finish(drive).await.unwrap();
    let sent = engine.returned().result.unwrap();
    assert!(matches!(sent.result, Some(result::Result::Ref(made)) if made.id == "ref-0"));
}

#[tokio::test]
async fn an_error_is_returned_with_a_code_that_is_one() {
    let engine = FakeEngine::current();
    let connection = engine.connect().await;
    let failure = Status {
        code: 0,
        message: "no".to_owned(),
        details: Vec::new(),
    };
    connection
        .finish(async |_: &Connection| Err(failure))
        .await
        .unwrap();
    assert_eq!(engine.returned().error.unwrap().code, 2);
}

#[tokio::test]
async fn a_result_that_exporters_refuse_is_returned_as_an_error() {
    let engine = FakeEngine::current();
    let connection = engine.connect().await;
    let result = BuildResult {
        platforms: vec![PlatformResult {
            config: b"null".to_vec(),
            ..PlatformResult::default()
        }],
        ..BuildResult::default()
    };
    connection
        .finish(async |_: &Connection| Ok(result))
        .await
        .unwrap();
    let error = engine.returned().error.unwrap();
    assert!(error.message.contains("image config"), "{}", error.message);
}

#[tokio::test]
async fn a_panic_is_returned_as_an_error() {
    let engine = FakeEngine::current();
    let connection = engine.connect().await;
    connection
        .finish(async |_: &Connection| -> Result<BuildResult, Status> { panic!("index out of bounds") })
        .await
        .unwrap();
    insta::assert_snapshot!(engine.returned().error.unwrap().message, @r"
    modelcrate failed: index out of bounds
    hint: this is a mistake in modelcrate, not in your spec: please report it with the spec
    ");
}
