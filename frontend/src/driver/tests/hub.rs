//! Models of a hub: what is asked, what the image is made of, and what is said of each no.

use super::{build, engine};
use crate::gateway::Status;
use crate::gateway::fake_engine::{Call, FakeEngine};

pub(super) const COMMIT: &str = "1111111111111111111111111111111111111111";
const LARGE: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
pub(super) const SPEC: &str = "\
# syntax=modelcrate/frontend:1
base: python:3.11-slim
user: root
models:
  m: { hf: org/name, exclude: [\"*.md\"] }
env: { REVISION: \"${models.m.revision}\" }
";

fn api(rest: &str) -> String {
    format!("https://huggingface.co/api/models/org/name{rest}")
}

fn tree() -> String {
    format!(
        r#"[{{"type":"directory","path":"a","oid":"0","size":0}},
            {{"type":"file","path":"README.md","oid":"0","size":9}},
            {{"type":"file","path":"a/config.json","oid":"0","size":2}},
            {{"type":"file","path":"model.safetensors","oid":"0","size":70000000,"lfs":{{"oid":"{LARGE}","size":70000000}}}}]"#
    )
}

/// An engine that reaches a hub with one repository.
pub(super) fn hub(spec: &str) -> FakeEngine {
    let revision = format!(
        r#"{{"sha":"{COMMIT}","gated":false,"cardData":{{"license":"mit","base_model":"org/large"}},"siblings":[{{"rfilename":"model.safetensors"}},{{"rfilename":"a/config.json"}}]}}"#
    );
    engine(spec)
        .file(&api("/revision/main"), "answer", revision)
        .file(
            &api(&format!("/tree/{COMMIT}?recursive=true&expand=false")),
            "answer",
            tree(),
        )
        .file(
            &format!("https://huggingface.co/org/name/resolve/{COMMIT}/a/config.json"),
            "answer",
            "{}",
        )
}

async fn refused(engine: FakeEngine) -> String {
    let Status { message, .. } = build(&engine, &[]).await.expect_err("the build is refused");
    message
}

fn no(status: &str) -> tonic::Status {
    tonic::Status::unknown(format!("invalid response status {status}"))
}

#[tokio::test]
async fn files_are_pinned_by_commit_and_checksum() {
    let (graph, config) = build(&hub(SPEC), &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    let env = config["config"]["Env"].as_array().unwrap();
    assert!(
        env.iter()
            .any(|env| *env == format!("REVISION={COMMIT}").as_str()),
        "{env:?}"
    );
    insta::assert_snapshot!(graph.dump());
}

#[tokio::test]
async fn a_model_in_a_hubs_cache_is_found_by_its_name() {
    let spec = SPEC.replace("org/name", "org/name, layout: hf-cache");
    let (graph, config) = build(&hub(&spec), &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    let dump = graph.dump();
    assert!(dump.contains("/models/hub/models--org--name/refs/main"), "{dump}");
    let file = format!("/models/hub/models--org--name/snapshots/{COMMIT}/model.safetensors");
    assert!(dump.contains(&file), "{dump}");
    assert!(config.contains("HF_HUB_CACHE=/models/hub") && config.contains("HF_HUB_OFFLINE=1"));
}

#[tokio::test]
async fn platforms_ask_once() {
    let engine = hub(SPEC);
    build(&engine, &["platform=linux/amd64,linux/arm64"])
        .await
        .map_err(|status| status.message)
        .unwrap();
    let asked = |call: &&Call| matches!(call, Call::Solve(solved, _) if solved.key.contains("/revision/"));
    assert_eq!(engine.calls().iter().filter(asked).count(), 1);
}

#[tokio::test]
async fn another_hub_is_a_build_arg() {
    let engine = hub(SPEC);
    build(&engine, &["build-arg:HF_ENDPOINT=http://mirror.test/hf/"])
        .await
        .expect_err("the mirror has no such file");
    let asked = |call: &Call| matches!(call, Call::Solve(solved, _) if solved.key.starts_with("http://mirror.test/hf/api/models/org/name/revision/main"));
    assert!(engine.calls().iter().any(asked));
    let status = build(&hub(SPEC), &["build-arg:HF_ENDPOINT=mirror"]).await;
    insta::assert_snapshot!(status.expect_err("it is no address").message);
}

#[tokio::test]
async fn every_no_of_the_hub_has_its_own_words() {
    let revision = api("/revision/main");
    let mut said = Vec::new();
    // Private or misspelt; no such revision; limited; in trouble; not reached.
    said.push(refused(hub(SPEC).failing(&revision, no("401"))).await);
    said.push(
        refused(
            hub(SPEC)
                .failing(&revision, no("404"))
                .file(&api(""), "answer", "{}"),
        )
        .await,
    );
    said.push(refused(hub(SPEC).failing(&revision, no("429"))).await);
    said.push(refused(hub(SPEC).failing(&revision, no("503"))).await);
    let lost = tonic::Status::unknown("dial tcp: lookup huggingface.co: no such host");
    said.push(refused(hub(SPEC).failing(&revision, lost)).await);
    let gated = format!(r#"{{"sha":"{COMMIT}","gated":"manual"}}"#);
    said.push(refused(hub(SPEC).file(&revision, "answer", gated)).await);
    said.push(refused(hub(SPEC).file(&revision, "answer", "<html>")).await);
    insta::assert_snapshot!(said.join("\n"));
}

#[tokio::test]
async fn patterns_that_take_nothing_and_pickles_are_told_before_any_weight_moves() {
    let spec = SPEC.replace("exclude: [\"*.md\"]", "files: [model.safetensor, \"*.gguf\"]");
    let patterns = refused(hub(&spec)).await;
    let pickle = tree().replace("model.safetensors", "pytorch_model.bin");
    let address = api(&format!("/tree/{COMMIT}?recursive=true&expand=false"));
    let revision = format!(r#"{{"sha":"{COMMIT}"}}"#);
    let engine = hub(SPEC)
        .file(&api("/revision/main"), "answer", revision)
        .file(&address, "answer", pickle);
    insta::assert_snapshot!(format!("{patterns}\n{}", refused(engine).await));
}
