use buildkit_llb::Definition;
use prost::Message;

use super::{DIGEST, gateway, graph, local, place};
use crate::gateway::fake_engine::{Call, FakeEngine};
use crate::gateway::{ErrorKind, Setup, Status, Warning, located_error};
use crate::options::{CacheImport, Options};

#[tokio::test]
async fn client_gateway_empty_solve_is_scratch_and_not_sent() {
    let engine = FakeEngine::current();
    let gateway = gateway(&engine).await;
    let scratch = gateway.solve(&Definition::default(), true).await.unwrap();
    assert!(scratch.is_scratch());
    gateway.evaluate(&scratch).await.unwrap();
    assert!(
        gateway
            .read_file(&scratch, "/etc/passwd")
            .await
            .unwrap_err()
            .is_not_found()
    );
    assert_eq!(engine.calls(), [Call::Ping]);
}

#[tokio::test]
async fn every_solve_asks_for_results_and_carries_the_cache_imports() {
    let import = CacheImport {
        kind: "registry".to_owned(),
        attributes: [("ref".to_owned(), "example.com/cache".to_owned())].into(),
    };
    let options = Options {
        cache_imports: vec![import],
        ..Options::default()
    };
    let engine = FakeEngine::current();
    let gateway = engine.gateway(&options).await;
    gateway.solve(&graph(&local("context")), true).await.unwrap();
    let Some(Call::Solve(_, sent)) = engine.calls().pop() else {
        panic!("nothing solved");
    };
    assert!(sent.allow_result_return && sent.allow_result_array_ref && sent.evaluate);
    assert_eq!(sent.cache_imports[0].r#type, "registry");
    assert_eq!(sent.cache_imports[0].attrs["ref"], "example.com/cache");
}

#[tokio::test]
async fn a_graph_that_the_engine_cannot_run_is_not_sent() {
    let engine = FakeEngine::current().without(&["source.local.sessionid"]);
    let gateway = gateway(&engine).await;
    let error = gateway.solve(&graph(&local("context")), false).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.to_string().contains("source.local.sessionid"), "{error}");
    assert_eq!(engine.calls(), [Call::Ping]);
}

#[tokio::test]
async fn ref_evaluate_falls_back_on_older_engines() {
    let engine = FakeEngine::current().without(&["gateway.solve.evaluate", "gateway.evaluate"]);
    let gateway = gateway(&engine).await;
    gateway.solve(&graph(&local("context")), true).await.unwrap();
    let calls = engine.calls();
    assert_eq!(
        calls.last(),
        Some(&Call::StatFile("context".to_owned(), ".".to_owned()))
    );
}

#[tokio::test]
async fn frontend_evaluate_reports_the_failure_with_its_details() {
    let detail = located_error("x", &[]);
    let failure = Status {
        message: "\"/badfile\": not found".to_owned(),
        ..located_error("", &[place()])
    };
    let status = tonic::Status::with_details(
        tonic::Code::Unknown,
        &failure.message,
        failure.encode_to_vec().into(),
    );
    let engine = FakeEngine::current().failing("context", status);
    let gateway = gateway(&engine).await;
    let error = gateway.solve(&graph(&local("context")), true).await.unwrap_err();
    let returned = error.into_status();
    assert_eq!(returned.message, "\"/badfile\": not found");
    assert_eq!(returned.details.len(), 1 + detail.details.len());
    assert_eq!(
        returned.details[0].type_url,
        "github.com/moby/buildkit/errdefs.Source+json"
    );
}

#[tokio::test]
async fn warnings_arrive_with_every_field() {
    let engine = FakeEngine::current();
    let gateway = gateway(&engine).await;
    let warning = Warning {
        vertex: DIGEST.to_owned(),
        short: "unused argument".to_owned(),
        detail: vec!["nobody reads it".to_owned()],
        url: "https://example.com/rule".to_owned(),
        location: Some(place()),
    };
    gateway.warn(warning).await.unwrap();
    let sent = engine.warnings().pop().unwrap();
    assert_eq!((sent.digest.as_str(), sent.level), (DIGEST, 1));
    assert_eq!(
        (sent.short, sent.detail),
        (b"unused argument".to_vec(), vec![b"nobody reads it".to_vec()])
    );
    assert_eq!(sent.info.unwrap().filename, "modelcrate.yaml");
    assert_eq!(sent.ranges[0].start.unwrap().character, 6);
}

#[tokio::test]
async fn an_engine_without_warnings_gets_none() {
    let engine = FakeEngine::current().without(&["gateway.warnings"]);
    let gateway = gateway(&engine).await;
    gateway.warn(Warning::default()).await.unwrap();
    assert_eq!(engine.calls(), [Call::Ping]);
}

#[tokio::test]
async fn an_ancient_engine_is_refused_with_the_update_to_make() {
    let connection = FakeEngine::ancient().connect().await;
    let setup = Setup {
        product: "docker".to_owned(),
        ..Setup::default()
    };
    let error = connection.ping(setup).await.unwrap_err();
    insta::assert_snapshot!(error, @r"
    this engine is too old for the feature `return`, which came with BuildKit 0.3
    hint: update Docker Engine to 20.10 or later, or build with a builder of its own: `docker buildx create --use`
    ");
}

#[tokio::test]
async fn the_build_platform_is_that_of_the_first_worker() {
    let gateway = gateway(&FakeEngine::current()).await;
    assert_eq!(gateway.build_platform().to_string(), "linux/amd64");
    let setup = Setup {
        build_platform: Some("linux/arm64".parse().unwrap()),
        ..Setup::default()
    };
    let gateway = FakeEngine::current().connect().await.ping(setup).await.unwrap();
    assert_eq!(gateway.build_platform().to_string(), "linux/arm64");
}
