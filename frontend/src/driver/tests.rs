//! Whole builds against the engine of the tests: what is asked, what is sent, what is returned.

mod attest;
mod budget;
mod calls;
mod cmake;
mod hub;
mod lock;
mod models;
mod plans;
mod rules;
mod rust;

use std::ffi::OsString;

use buildkit_llb::Definition;

use crate::gateway::Status;
use crate::gateway::fake_engine::{Call, FakeEngine};

const QUICKSTART: &str = "\
# syntax=modelcrate/frontend:1
name: quickstart
description: A server
base: python:3.11-slim
python: \"3.11\"
user: app
ports: { http: 8000 }
healthcheck: { command: [quickstart, --ping], interval: 5s }
env: { GREETING: hello }
entrypoint: [quickstart]
";

const CUDA: &str = "\
# syntax=modelcrate/frontend:1
cuda: \"12.8.1\"
apt: [libgomp1, git]
python: { version: \"3.12.1\", extras: [gpu] }
workdir: /workspace
run:
  - command: make assets
    stage: build
    inputs: [assets]
    outputs: [/build/assets/out]
    secrets: [{ id: token, env: TOKEN }]
  - { command: \"ldconfig\", after: system, network: none }
";

const MANIFEST: &str = "\
[project]
name = 'quickstart'
requires-python = '>=3.11'
dependencies = ['idna']
[project.optional-dependencies]
gpu = ['torch']
[build-system]
requires = ['hatchling']
";

const LOCK: &str = "\
version = 1
[[package]]
name = 'quickstart'
source = { editable = '.' }
[package.metadata]
requires-dist = [{ name = 'idna' }, { name = 'torch', marker = \"extra == 'gpu'\" }]
";

const PYLOCK: &str = "\
lock-version = '1.0'
[[packages]]
name = 'idna'
version = '3.10'
wheels = [{ url = 'https://files.test/idna-3.10-py3-none-any.whl', hashes = { sha256 = '00' } }]
[[packages]]
name = 'torch'
version = '2.9.0'
wheels = [{ url = 'https://files.test/torch-2.9.0-cp312-cp312-manylinux_2_28_x86_64.whl', hashes = { sha256 = '11' } }]
";

fn config(env: &str) -> String {
    format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{"Env":["PATH=/usr/local/bin:/bin"{env}]}},"rootfs":{{"type":"layers","diff_ids":[]}},"history":[{{"created_by":"base"}}]}}"#
    )
}

fn engine(spec: &str) -> FakeEngine {
    let digest = |digit: &str| format!("sha256:{}", digit.repeat(64));
    FakeEngine::current()
        .file("dockerfile", "modelcrate.yaml", spec)
        .file("context", "pyproject.toml", MANIFEST)
        .file("context", "uv.lock", LOCK)
        .file("[python 2/2] export uv.lock", "pylock.toml", PYLOCK)
        .image(
            "docker.io/library/python:3.11-slim",
            &digest("1"),
            config(",\"PYTHON_VERSION=3.11.9\""),
        )
        .image("docker.io/astral/uv:0.13.8-debian-slim", &digest("2"), config(""))
        .image("docker.io/astral/uv:0.13.8", &digest("5"), config(""))
        .image(
            "docker.io/nvidia/cuda:12.8.1-runtime-ubuntu22.04",
            &digest("3"),
            config(""),
        )
        .image(
            "docker.io/nvidia/cuda:12.8.1-devel-ubuntu22.04",
            &digest("4"),
            config(""),
        )
}

async fn build(engine: &FakeEngine, options: &[&str]) -> Result<(Definition, String), Status> {
    let options = [&["filename=modelcrate.yaml"], options].concat();
    let mut variables: Vec<(OsString, OsString)> = vec![("BUILDKIT_SESSION_ID".into(), "session".into())];
    for (number, option) in options.iter().enumerate() {
        variables.push((format!("BUILDKIT_FRONTEND_OPT_{number}").into(), option.into()));
    }
    let result = super::build(&engine.connect().await, variables).await?;
    let solved = engine.solved().pop().expect("an image is solved last");
    let config = String::from_utf8(result.platforms[0].config.clone()).unwrap();
    Ok((Definition::from_pb(solved.definition).unwrap(), config))
}

async fn built(spec: &str, options: &[&str]) -> (Definition, String) {
    build(&engine(spec), options)
        .await
        .map_err(|status| status.message)
        .unwrap()
}

async fn refused(spec: &str, options: &[&str]) -> Status {
    build(&engine(spec), options)
        .await
        .expect_err("the build is refused")
}

#[tokio::test]
async fn an_image_on_the_bases_python() {
    let (graph, config) = built(QUICKSTART, &[]).await;
    insta::assert_snapshot!(format!("{}\n{config}", graph.dump()));
}

#[tokio::test]
async fn an_image_on_cuda_with_uvs_python() {
    let (graph, config) = built(CUDA, &[]).await;
    insta::assert_snapshot!(format!("{}\n{config}", graph.dump()));
}

#[tokio::test]
async fn an_engine_that_cannot_merge_copies() {
    let engine = engine(QUICKSTART)
        .disabled("mergeop", "classic store")
        .disabled("diffop", "classic store");
    let (graph, config) = build(&engine, &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    assert!(!graph.dump().contains("merge "), "{}", graph.dump());
    assert_eq!(config, built(QUICKSTART, &[]).await.1, "the config is the same");
    let [warning] = engine.warnings().try_into().expect("one warning");
    let short = String::from_utf8_lossy(&warning.short).into_owned();
    assert!(
        short.contains(r#"`"features": {"containerd-snapshotter": true}`"#),
        "{short}"
    );
}

#[tokio::test]
async fn the_same_spec_gives_the_same_bytes() {
    let first = built(CUDA, &[]).await.0.encode();
    for _ in 0..25 {
        assert_eq!(built(CUDA, &[]).await.0.encode(), first);
    }
}

/// What only the config says must run nothing again, and a new commit must make no layer anew.
#[tokio::test]
async fn the_environment_labels_and_the_time_are_no_part_of_the_graph() {
    let ops = async |spec: &str, options: &[&str]| built(spec, options).await.0.into_pb().def;
    let before = ops(QUICKSTART, &[]).await;
    let edited = QUICKSTART
        .replace("GREETING: hello", "GREETING: ahoy")
        .replace("http: 8000", "http: 80");
    let options = [
        "label:team=a",
        "build-arg:SOURCE_DATE_EPOCH=1700000000",
        "vcs:revision=abc",
    ];
    assert_eq!(ops(&edited, &options).await, before);
}

#[tokio::test]
async fn another_user_is_another_graph() {
    let ops = async |spec: &str| built(spec, &[]).await.0.into_pb().def;
    assert_ne!(
        ops(&QUICKSTART.replace("user: app", "user: other")).await,
        ops(QUICKSTART).await
    );
}

#[tokio::test]
async fn every_mistake_comes_back_at_once_with_its_lines() {
    let spec = "# syntax=modelcrate/frontend:1\nbasee: debian\nports: { http: 99999 }\n";
    let status = refused(spec, &[]).await;
    assert_eq!(status.details.len(), 2);
    insta::assert_snapshot!(status.message);
}

#[tokio::test]
async fn a_token_in_the_spec_is_in_no_part_of_the_answer() {
    let token = format!("hf_{}", "aBcDeFgHiJ".repeat(4));
    let spec = format!("# syntax=modelcrate/frontend:1\nbase: debian\nenv: {{ A: {token} }}\nporst: []\n");
    let engine = engine(&spec);
    let status = build(&engine, &[]).await.expect_err("the build is refused");
    use base64::Engine as _;
    let in_base64 = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let data = value["info"]["data"].as_str().unwrap();
        String::from_utf8(base64::engine::general_purpose::STANDARD.decode(data).unwrap()).unwrap()
    };
    assert!(!status.message.contains(&token), "{}", status.message);
    assert!(!status.details.is_empty());
    for detail in &status.details {
        assert!(!in_base64(&detail.value).contains(&token));
    }
}

#[tokio::test]
async fn a_project_without_a_lock_says_what_to_run() {
    let engine = FakeEngine::current()
        .file("dockerfile", "modelcrate.yaml", QUICKSTART)
        .file("context", "pyproject.toml", MANIFEST)
        .image(
            "docker.io/library/python:3.11-slim",
            "sha256:00",
            config(",\"PYTHON_VERSION=3.11.9\""),
        )
        .image("docker.io/astral/uv:0.13.8", "sha256:00", config(""));
    let status = build(&engine, &[]).await.expect_err("the build is refused");
    assert!(
        status.message.contains("there is no `uv.lock`"),
        "{}",
        status.message
    );
    assert!(status.message.contains("run `uv lock`"), "{}", status.message);
}

#[tokio::test]
async fn an_image_that_is_not_there_points_at_its_line() {
    let status = refused("# syntax=modelcrate/frontend:1\nbase: nowhere:1\n", &[]).await;
    assert!(
        status.message.contains("the image `nowhere:1` cannot be used"),
        "{}",
        status.message
    );
    assert_eq!(status.details.len(), 1);
}

#[tokio::test]
async fn the_launcher_needs_the_frontends_image() {
    for (key, named, other) in [
        ("healthcheck: http://localhost:80/", "a health check by URL", true),
        ("preflight: true", "`preflight`", false),
        ("init: true", "`init`", false),
    ] {
        let status = refused(
            &format!("# syntax=modelcrate/frontend:1\nbase: python:3.11-slim\n{key}\n"),
            &[],
        )
        .await;
        let words = format!("{named} needs an engine that tells a frontend its own image");
        assert!(status.message.contains(&words), "{}", status.message);
        assert_eq!(
            status.message.contains("give a `command:`"),
            other,
            "{}",
            status.message
        );
    }
}

#[tokio::test]
async fn warnings_before_error() {
    let spec = "# syntax=modelcrate/frontend:1\nbase: debian\nargs: { UNUSED: a }\nporst: []\n";
    let engine = engine(spec);
    assert!(build(&engine, &[]).await.is_err());
    assert_eq!(engine.warnings().len(), 1);
}

#[tokio::test]
async fn nothing_is_asked_of_the_engine_before_the_spec_is_right() {
    let engine = engine("# syntax=modelcrate/frontend:1\nbasee: debian\n");
    assert!(build(&engine, &[]).await.is_err());
    let resolved = engine
        .calls()
        .into_iter()
        .any(|call| matches!(call, Call::ResolveSourceMeta(_)));
    assert!(!resolved, "an image was looked up for a spec that is wrong");
}
