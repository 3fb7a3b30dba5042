//! Models: what they are made of, and what is said of those that cannot be had.

use super::{build, built, engine};
use crate::gateway::Status;
use crate::gateway::fake_engine::{Call, FakeEngine};

const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const SPEC: &str = "\
# syntax=modelcrate/frontend:1
base: python:3.11-slim
user: root
run: [{ command: \"true\", after: all }]
models:
  m:
    token: key
    urls:
      - { url: https://x.test/config.json, sha256: 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752 }
      - { url: https://x.test/a/tokenizer.json, sha256: fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13, file: a/tokenizer.json }
      - { url: https://x.test/m.gguf, sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 }
";

#[tokio::test]
async fn an_image_with_a_model() {
    let (graph, _) = built(SPEC, &[]).await;
    insta::assert_snapshot!(graph.dump());
}

#[tokio::test]
async fn a_model_is_in_no_step_but_its_own() {
    let commands = async |spec: &str| {
        let (graph, _) = built(spec, &[]).await;
        let dump = graph.dump();
        let exec: Vec<String> = dump
            .lines()
            .filter(|line| line.contains("exec"))
            .map(str::to_owned)
            .collect();
        assert!(!exec.is_empty(), "{dump}");
        exec
    };
    let other = SPEC.replace(SHA256, &"0".repeat(64));
    assert_eq!(commands(SPEC).await, commands(&other).await);
}

#[tokio::test]
async fn many_shards_share_layers() {
    let shard = |number: usize| {
        format!("      - {{ url: https://x.test/{number:03}.safetensors, sha256: {number:064} }}\n")
    };
    let shards: String = (0..300).map(shard).collect();
    let spec = format!(
        "# syntax=modelcrate/frontend:1\nbase: scratch\nuser: root\nmodels:\n  m:\n    urls:\n{shards}"
    );
    let (_, config) = built(&spec, &[]).await;
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    assert_eq!(config["history"].as_array().unwrap().len(), 43);
}

/// An engine whose download fails so, and answers a second request so.
async fn refused(engine: FakeEngine, again: Option<&str>) -> Status {
    let mismatch = format!("digest mismatch sha256:{}: sha256:{SHA256}", "1".repeat(64));
    let engine = engine.failing("[image] merge layers", tonic::Status::unknown(mismatch));
    let engine = match again {
        Some(words) => engine.failing("https://x.test/m.gguf", tonic::Status::unknown(words)),
        None => engine,
    };
    let status = build(&engine, &[]).await.expect_err("the build is refused");
    let asked = |call: &&Call| matches!(call, Call::Solve(solved, _) if solved.attributes.contains_key("http.filename"));
    assert_eq!(
        engine.calls().iter().filter(asked).count(),
        1,
        "the address is asked once more"
    );
    status
}

#[tokio::test]
async fn a_wrong_digest_is_told_from_a_refusal() {
    let status = refused(engine(SPEC), Some("invalid response status 403")).await;
    insta::assert_snapshot!(status.message);
    let status = refused(engine(SPEC), None).await;
    insta::assert_snapshot!(status.message);
}

#[tokio::test]
async fn an_engine_that_cannot_send_a_token_says_which_can() {
    let status = build(&engine(SPEC).without(&["source.http.auth"]), &[])
        .await
        .expect_err("the build is refused");
    insta::assert_snapshot!(status.message);
}

#[tokio::test]
async fn an_engine_that_keeps_the_program_to_itself_is_told_what_is_not_checked() {
    let warned = async |spec: &str| {
        let engine = engine(spec);
        assert!(build(&engine, &[]).await.is_ok());
        let shorts = engine.warnings().into_iter();
        let shorts = shorts.map(|warning| String::from_utf8_lossy(&warning.short).into_owned());
        shorts
            .filter(|short| short.contains("headers of weights"))
            .collect::<Vec<_>>()
    };
    let expected = "missing-capability: sizes and headers of weights are not checked: that takes a program in the frontend's own image, which this engine does not tell a frontend (line 11)";
    assert_eq!(warned(SPEC).await, [expected]);
    let other = SPEC.replace("m.gguf", "m.onnx");
    assert_eq!(
        warned(&other).await,
        [] as [String; 0],
        "of whose format nothing is known"
    );
}

#[tokio::test]
async fn a_platform_that_no_program_is_compiled_for_is_named_with_its_line() {
    let spec = "# syntax=modelcrate/frontend:1\nbase: scratch\nuser: root\nentrypoint: [/serve]\nmodels: { m: { deliver: fetch, url: https://x.test/m.gguf, sha256: SHA256 } }\n"
        .replace("SHA256", SHA256);
    let refused = build(&engine(&spec), &["platform=linux/riscv64"]).await;
    insta::assert_snapshot!(refused.expect_err("no program").message);
}
