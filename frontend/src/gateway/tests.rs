//! The gateway against an engine in memory.

use bollard_buildkit_proto::moby::buildkit::v1::frontend::result;
use buildkit_llb::{Definition, Local, Location, Meta, Output, Range, SourceInfo};

use super::fake_engine::{Call, FakeEngine};
use super::{
    BuildResult, Connection, ErrorKind, Gateway, GatewayError, ImageRequest, ImageStore, PlatformResult, Ref,
    Setup, Status, Warning, located_error,
};
use crate::options::{CacheImport, Options};

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const DEBIAN: &str = "docker.io/library/debian:12";

fn local(name: &str) -> Output {
    let local = Local {
        name: name.to_owned(),
        session: Some("session".to_owned()),
        ..Local::default()
    };
    local.output(Meta {
        name: Some(format!("load {name}")),
        ..Meta::default()
    })
}

fn graph(output: &Output) -> Definition {
    Definition::new(output).unwrap()
}

async fn gateway(engine: &FakeEngine) -> Gateway {
    engine.gateway(&Options::default()).await
}

async fn solved(gateway: &Gateway, name: &str) -> Ref {
    gateway.solve(&graph(&local(name)), false).await.unwrap()
}

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
    use prost::Message;
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
async fn an_image_is_resolved_once_for_each_platform() {
    let engine = FakeEngine::current().image(DEBIAN, DIGEST, r#"{"os":"linux"}"#);
    let gateway = gateway(&engine).await;
    let request = ImageRequest {
        reference: DEBIAN.to_owned(),
        log_name: "[internal] load metadata for debian:12".to_owned(),
        ..ImageRequest::default()
    };
    let arm = ImageRequest {
        platform: Some("linux/arm64".parse().unwrap()),
        ..request.clone()
    };
    let (one, two, three) = tokio::join!(
        gateway.resolve_image(&request),
        gateway.resolve_image(&request),
        gateway.resolve_image(&arm)
    );
    let resolved = one.unwrap();
    assert_eq!(resolved.pinned(), format!("{DEBIAN}@{DIGEST}"));
    assert_eq!(resolved.config, br#"{"os":"linux"}"#);
    assert_eq!((two.unwrap(), three.unwrap()), (resolved.clone(), resolved));
    assert_eq!(engine.calls().len(), 1 + 2);
}

#[tokio::test]
async fn an_older_engine_is_asked_for_the_image_config() {
    let engine = FakeEngine::current().without(&["source.metaresolver"]).image(
        "docker.io/library/base:latest",
        DIGEST,
        "{}",
    );
    let gateway = gateway(&engine).await;
    let request = ImageRequest {
        reference: "docker.io/library/base:latest".to_owned(),
        mode: buildkit_llb::ResolveMode::Pull,
        store: Some(ImageStore {
            session: "s".to_owned(),
            id: "store".to_owned(),
        }),
        ..ImageRequest::default()
    };
    let resolved = gateway.resolve_image(&request).await.unwrap();
    assert_eq!(resolved.reference, request.reference);
    let Some(Call::ResolveImageConfig(sent)) = engine.calls().pop() else {
        panic!("the older call is used");
    };
    assert_eq!((sent.resolver_type, sent.resolve_mode.as_str()), (1, "pull"));
    assert_eq!((sent.session_id.as_str(), sent.store_id.as_str()), ("s", "store"));
}

#[tokio::test]
async fn a_source_policy_may_change_the_reference_or_the_kind() {
    let mirrored = "mirror.example.com/debian:12";
    let engine = FakeEngine::current()
        .image(mirrored, DIGEST, "{}")
        .redirect(
            &format!("docker-image://{DEBIAN}"),
            &format!("docker-image://{mirrored}"),
        )
        .redirect(
            "docker-image://docker.io/library/app:latest",
            "https://example.com/app.tar",
        );
    let gateway = gateway(&engine).await;
    let request = |reference: &str| ImageRequest {
        reference: reference.to_owned(),
        ..ImageRequest::default()
    };
    let moved = gateway.resolve_image(&request(DEBIAN)).await.unwrap();
    assert_eq!(moved.pinned(), format!("{mirrored}@{DIGEST}"));
    let error = gateway
        .resolve_image(&request("docker.io/library/app:latest"))
        .await
        .unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Redirected("https://example.com/app.tar".to_owned())
    );
}

fn place() -> Location {
    let info = SourceInfo {
        filename: "modelcrate.yaml".to_owned(),
        data: b"name: x\n".to_vec(),
        language: "YAML".to_owned(),
        definition: None,
    };
    Location {
        source: std::sync::Arc::new(info),
        ranges: vec![Range {
            start: buildkit_llb::Position {
                line: 1,
                character: 6,
            },
            end: buildkit_llb::Position {
                line: 1,
                character: 7,
            },
        }],
    }
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

#[tokio::test]
async fn a_broken_pipe_ends_every_call() {
    let (client, server) = tokio::io::duplex(1 << 10);
    let connection = Connection::over(client).await.unwrap();
    let asking = tokio::spawn(async move {
        let first = connection.ping(Setup::default()).await.unwrap_err();
        let second = connection
            .return_error(located_error("late", &[]))
            .await
            .unwrap_err();
        (first, second)
    });
    tokio::task::yield_now().await;
    drop(server);
    let (first, second) = asking.await.unwrap();
    assert_eq!((first.kind, second.kind), (ErrorKind::Closed, ErrorKind::Closed));
}

/// The engine behind descriptors of the operating system, as the frontend's process has them.
fn relay(engine: &FakeEngine, mut wire: impl super::transport::Duplex + 'static) {
    let mut pipe = engine.pipe();
    tokio::spawn(async move { tokio::io::copy_bidirectional(&mut pipe, &mut wire).await });
}

async fn reads_a_large_file(connection: Connection) {
    let gateway = connection.ping(Setup::default()).await.unwrap();
    let files = solved(&gateway, "context").await;
    assert_eq!(gateway.read_file(&files, "large").await.unwrap().len(), 3 << 20);
}

#[tokio::test]
async fn pipes_carry_the_connection_without_blocking() {
    use tokio::net::unix::pipe;
    let engine = FakeEngine::current().file("context", "large", vec![7; 3 << 20]);
    let (engine_input, output) = std::io::pipe().unwrap();
    let (input, engine_output) = std::io::pipe().unwrap();
    let reader = pipe::Receiver::from_owned_fd(engine_input.into()).unwrap();
    let writer = pipe::Sender::from_owned_fd(engine_output.into()).unwrap();
    relay(&engine, tokio::io::join(reader, writer));
    reads_a_large_file(
        Connection::descriptors(input.into(), output.into())
            .await
            .unwrap(),
    )
    .await;
}

#[tokio::test]
async fn one_socket_on_both_descriptors_carries_it_too() {
    let engine = FakeEngine::current().file("context", "large", vec![7; 3 << 20]);
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    theirs.set_nonblocking(true).unwrap();
    relay(&engine, tokio::net::UnixStream::from_std(theirs).unwrap());
    let output = ours.try_clone().unwrap();
    reads_a_large_file(Connection::descriptors(ours.into(), output.into()).await.unwrap()).await;
}
