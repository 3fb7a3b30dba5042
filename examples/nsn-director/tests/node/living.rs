//! Nodes in this process: what they answer, and how they stop.

use crate::support::{self, request, Running};
use nsn_director::node::Error;
use openssl::pkey::{Id, PKey};
use openssl::sign::Verifier;
use serde_json::{json, Value};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tonic::Code;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::HealthCheckRequest;

#[tokio::test]
async fn a_node_with_all_that_it_needs_is_healthy() {
    let node = Running::new(&[]).await;
    node.ready().await;
    let (status, body) = node.get("/health").await;
    let report: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &report["status"]), (200, &json!("ok")));
    let checks = report["checks"].as_object().unwrap();
    assert_eq!(
        checks.keys().collect::<Vec<_>>(),
        ["grpc", "models", "p2p", "sidecar", "substrate"]
    );
    assert_eq!(
        report["checks"]["models"]["found"]["kokoro-82m"],
        json!({ "bytes": 200 })
    );
    assert_eq!(
        report["checks"]["grpc"]["found"]["address"],
        json!(node.addresses.grpc)
    );
    assert_eq!(
        report["checks"]["substrate"]["found"]["endpoint"],
        "ws://localhost:9944/"
    );
    assert_eq!(node.get("/").await.0, 404);
    node.stop().await.unwrap().unwrap();
}

#[tokio::test]
async fn what_is_missing_is_told_and_the_node_is_not_healthy() {
    let node = Running::with_models(
        tempfile::tempdir().unwrap(),
        &["--substrate-ws-url", "", "--sidecar", "/nowhere/python"],
    )
    .await;
    let (status, body) = node.get("/health").await;
    let report: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &report["status"]), (503, &json!("failing")));
    let of_clip = &report["checks"]["models"]["found"]["clip-vit-l-14"]["problems"][0];
    assert!(
        of_clip
            .as_str()
            .unwrap()
            .starts_with("model.safetensors: No such file"),
        "{of_clip}"
    );
    assert_eq!(
        report["checks"]["substrate"]["found"]["problem"],
        "SUBSTRATE_WS_URL is not set"
    );
    assert_eq!(report["checks"]["sidecar"]["ok"], false);
    assert_eq!(
        node.client()
            .await
            .generate(request("a fox"))
            .await
            .unwrap_err()
            .code(),
        Code::Unavailable
    );
    node.stop().await.unwrap().unwrap();
}

#[tokio::test]
async fn requests_are_answered_and_counted() {
    let node = Running::new(&[]).await;
    node.ready().await;
    let mut client = node.client().await;
    let scene = client.generate(request("a fox")).await.unwrap().into_inner();
    assert_eq!(
        (scene.frames, scene.speech, scene.score_l14),
        (vec![vec![1, 2]], vec![3], 0.25)
    );
    for (prompt, code, message) in [
        ("", Code::InvalidArgument, "the prompt is empty"),
        ("refuse so", Code::InvalidArgument, "so"),
        ("fail so", Code::Internal, "so"),
    ] {
        let status = client.generate(request(prompt)).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (code, message));
    }
    assert_eq!(
        node.metric(r#"nsn_requests_total{code="Ok",method="Generate"}"#)
            .await,
        1.0
    );
    assert_eq!(
        node.metric(r#"nsn_requests_total{code="InvalidArgument",method="Generate"}"#)
            .await,
        2.0
    );
    assert_eq!(
        node.metric(r#"nsn_request_seconds_count{method="Generate"}"#)
            .await,
        4.0
    );
    assert_eq!(
        node.metric(r#"nsn_model_bytes{model="flux-schnell-nf4"}"#).await,
        200.0
    );
    assert_eq!(node.metric("nsn_sidecar_up").await, 1.0);
    assert_eq!(
        (
            node.metric("nsn_slots").await,
            node.metric("nsn_slots_in_use").await
        ),
        (4.0, 0.0)
    );
    node.stop().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_sidecar_that_dies_or_babbles_is_started_again() {
    let node = Running::new(&[]).await;
    let mut client = node.client().await;
    for (round, (prompt, reason)) in [
        ("die", "it ended with exit status: 3"),
        ("babble", "it wrote what is no answer"),
    ]
    .into_iter()
    .enumerate()
    {
        node.ready().await;
        let status = client.generate(request(prompt)).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable);
        assert!(status.message().contains(reason), "{status}");
        while node.metric("nsn_sidecar_restarts_total").await != round as f64 + 1.0 {}
    }
    node.ready().await;
    client.generate(request("a fox")).await.unwrap();
    node.stop().await.unwrap().unwrap();
}

#[tokio::test]
async fn more_than_there_are_slots_is_refused() {
    let node = Running::new(&["--slots", "1"]).await;
    node.ready().await;
    let (mut one, mut two) = (node.client().await, node.client().await);
    let free = node.folder.path().join("free");
    let waiting = format!("await {}", free.display());
    let first = tokio::spawn(async move { one.generate(request(&waiting)).await });
    while node.metric("nsn_slots_in_use").await != 1.0 {}
    assert_eq!(
        two.generate(request("a fox")).await.unwrap_err().code(),
        Code::ResourceExhausted
    );
    std::fs::write(free, "").unwrap();
    first.await.unwrap().unwrap();
    two.generate(request("a fox")).await.unwrap();
    node.stop().await.unwrap().unwrap();
}

#[tokio::test]
async fn the_health_service_tells_when_the_director_serves() {
    let node = Running::new(&[]).await;
    let mut client = HealthClient::new(node.channel().await);
    let service = "nsn.director.v1.Director".to_owned();
    let mut watch = client
        .watch(HealthCheckRequest { service })
        .await
        .unwrap()
        .into_inner();
    // Serving is 1, not serving 2.
    while watch.message().await.unwrap().unwrap().status != 1 {}
    let stopped = node.stop();
    while let Ok(Some(last)) = watch.message().await {
        assert_eq!(last.status, 2);
    }
    stopped.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_peer_learns_who_the_node_is_and_is_told_when_it_stops() {
    let node = Running::new(&[]).await;
    let mut peer = BufReader::new(TcpStream::connect(node.addresses.p2p).await.unwrap());
    let greeting = say(&mut peer, "NSN/1 0123456789abcdef").await;
    let [_, id, signature] = greeting.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{greeting}")
    };
    let key = PKey::public_key_from_raw_bytes(&bytes(id), Id::ED25519).unwrap();
    let mut verifier = Verifier::new_without_digest(&key).unwrap();
    assert!(verifier
        .verify_oneshot(&bytes(signature), b"0123456789abcdef")
        .unwrap());
    assert_eq!(say(&mut peer, "PING").await, "PONG");
    assert_eq!(node.metric("nsn_peers").await, 1.0);

    let mut stranger = BufReader::new(TcpStream::connect(node.addresses.p2p).await.unwrap());
    assert_eq!(
        say(&mut stranger, "GET / HTTP/1.1").await,
        "ERROR expected NSN/1 NONCE"
    );
    assert_eq!(node.metric("nsn_peers").await, 1.0);

    let stopped = node.stop();
    assert_eq!(heard(&mut peer).await, "BYE");
    stopped.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_that_was_begun_is_finished_before_the_node_stops() {
    let node = Running::new(&[]).await;
    node.ready().await;
    let (mut client, grpc, folder) = (
        node.client().await,
        node.addresses.grpc,
        node.folder.path().to_owned(),
    );
    let waiting = format!("await {}", folder.join("free").display());
    let begun = tokio::spawn(async move { client.generate(request(&waiting)).await });
    while node.metric("nsn_slots_in_use").await != 1.0 {}
    let metrics = node.addresses.metrics;
    let (stop, _folder, stopped) = (node.stop, node.folder, node.node);
    stop.send(()).unwrap();
    while TcpStream::connect(grpc).await.is_ok() {}
    let (status, body) = support::get(metrics, "/health").await;
    assert_eq!(status, 503);
    assert!(body.contains(r#""status":"stopping""#), "{body}");
    std::fs::write(folder.join("free"), "").unwrap();
    begun.await.unwrap().unwrap();
    stopped.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_cut_off() {
    let node = Running::new(&["--shutdown-seconds", "0"]).await;
    node.ready().await;
    let mut client = node.client().await;
    let begun = tokio::spawn(async move { client.generate(request("await /never")).await });
    while node.metric("nsn_slots_in_use").await != 1.0 {}
    let ended = node.stop().await.unwrap();
    assert!(matches!(ended, Err(Error::CutOff(1))), "{ended:?}");
    assert!(begun.await.unwrap().is_err());
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let node = Running::new(&[]).await;
    let port = node.addresses.p2p.port().to_string();
    let mut flags = support::flags_of(node.folder.path());
    flags.extend(["--p2p-port".to_owned(), port.clone()]);
    let flags = clap::Parser::parse_from(flags);
    let nsn_director::options::Cli { node: options, .. } = flags;
    let error = nsn_director::node::Node::bind(options).await.err().unwrap();
    assert_eq!(
        error.to_string(),
        format!("cannot listen on 127.0.0.1:{port} for p2p: Address already in use (os error 98)")
    );
    node.stop().await.unwrap().unwrap();
}

async fn say(peer: &mut BufReader<TcpStream>, line: &str) -> String {
    peer.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    heard(peer).await
}

async fn heard(peer: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    peer.read_line(&mut line).await.unwrap();
    line.trim_end().to_owned()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}
