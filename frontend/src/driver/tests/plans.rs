//! Plans in words: what is done, and done again.

use serde_json::Value;

use super::calls::{ask, json, text};
use super::{CUDA, QUICKSTART, config, engine};
use crate::gateway::fake_engine::FakeEngine;

async fn answered(spec: &str, name: &str) -> crate::gateway::BuildResult {
    let answer = ask(&engine(spec), name, &[]).await;
    answer.map_err(|status| status.message).unwrap()
}

#[tokio::test]
async fn a_plan_says_what_each_step_sees_and_what_runs_again() {
    insta::assert_snapshot!("plan", text(&answered(QUICKSTART, "plan").await));
    insta::assert_snapshot!("plan_of_cuda", text(&answered(CUDA, "plan").await));
}

#[tokio::test]
async fn a_plan_can_be_drawn() {
    insta::assert_snapshot!(text(&answered(QUICKSTART, "plan.mermaid").await));
}

/// The steps that a change makes run, and those that it may, by name.
fn again(plan: &Value, path: &str) -> (Vec<String>, Vec<String>) {
    let steps: Vec<&Value> = plan["stages"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|stage| stage["steps"].as_array().unwrap())
        .collect();
    let name = |number: &Value| {
        let step = steps.iter().find(|step| step["number"] == *number).unwrap();
        step["name"].as_str().unwrap().to_owned()
    };
    let change = plan["changes"].as_array().unwrap();
    let change = change.iter().find(|change| change["path"] == path).unwrap();
    let names = |key: &str| change[key].as_array().unwrap().iter().map(name).collect();
    (names("runs"), names("may_run"))
}

#[tokio::test]
async fn an_edit_of_the_sources_installs_the_project_alone() {
    let plan = json(&answered(QUICKSTART, "plan").await)[0].clone();
    assert_eq!(plan["platform"], "linux/amd64");
    assert_eq!(again(&plan, "."), (vec!["install quickstart".to_owned()], vec![]));
}

#[tokio::test]
async fn another_lock_may_install_parts_of_it_and_never_the_project() {
    let plan = json(&answered(QUICKSTART, "plan").await)[0].clone();
    let (runs, may_run) = again(&plan, "uv.lock");
    assert_eq!(runs, ["export uv.lock"]);
    assert!(
        may_run.iter().any(|name| name.starts_with("install torch")),
        "{may_run:?}"
    );
    assert!(!may_run.contains(&"install quickstart".to_owned()), "{may_run:?}");
}

#[tokio::test]
async fn a_picture_is_of_one_platform() {
    let spec = "# syntax=modelcrate/frontend:1\nbase: python:3.11-slim\nentrypoint: [serve]\n";
    let options = ["platform=linux/amd64,linux/arm64"];
    let asked = ask(&engine(spec), "plan.mermaid", &options).await;
    let message = asked.expect_err("two platforms").message;
    assert!(message.contains("choose it with `--platform`"), "{message}");
    let asked = ask(&engine(spec), "plan", &options).await;
    let plans = json(&asked.map_err(|status| status.message).unwrap());
    assert_eq!(plans[1]["platform"], "linux/arm64");
}

/// The frontend reads manifests itself: no mount and no copy says that a skeleton is made of them.
#[tokio::test]
async fn another_manifest_may_compile_dependencies_anew_and_an_edit_does_not() {
    let spec = "# syntax=modelcrate/frontend:1\nbase: debian:bookworm-slim\nrust: { package: node, toolchain: \"1.85\" }\n";
    let digest = format!("sha256:{}", "6".repeat(64));
    let image = |engine: FakeEngine, name: &str| {
        engine.image(&format!("docker.io/library/{name}"), &digest, config(""))
    };
    let engine = FakeEngine::current()
        .file("dockerfile", "modelcrate.yaml", spec)
        .file(
            "context",
            "Cargo.toml",
            "[package]\nname = 'node'\nversion = '1.0.0'\nedition = '2021'\n",
        )
        .file(
            "context",
            "Cargo.lock",
            "version = 3\n[[package]]\nname = 'node'\nversion = '1.0.0'\n",
        )
        .file("context", "src/main.rs", "fn main() {}");
    let engine = image(image(engine, "debian:bookworm-slim"), "rust:1.85-slim-bookworm");
    let answer = ask(&engine, "plan", &[]).await.map_err(|status| status.message);
    let plan = json(&answer.unwrap())[0].clone();
    let (runs, may_run) = again(&plan, "Cargo.toml");
    assert_eq!(runs, ["compile node"]);
    assert_eq!(may_run, ["download crates", "compile dependencies of node"]);
    assert_eq!(again(&plan, "."), (vec!["compile node".to_owned()], vec![]));
}

#[tokio::test]
async fn sizes_are_those_of_the_lock() {
    let engine = engine(QUICKSTART).file("[python 2/2] export uv.lock", "pylock.toml", SIZED);
    let answer = ask(&engine, "sizes", &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    insta::assert_snapshot!(text(&answer));
    let json = json(&answer);
    assert_eq!(json[0]["download"], 900_020_000);
}

const SIZED: &str = "\
lock-version = '1.0'
[[packages]]
name = 'idna'
version = '3.10'
wheels = [{ url = 'https://files.test/idna-3.10-py3-none-any.whl', size = 20000, hashes = { sha256 = '00' } }]
[[packages]]
name = 'sniffio'
version = '1.3.0'
wheels = [{ url = 'https://files.test/sniffio-1.3.0-py3-none-any.whl', hashes = { sha256 = '22' } }]
[[packages]]
name = 'torch'
version = '2.9.0'
wheels = [{ url = 'https://files.test/torch-2.9.0-cp311-cp311-manylinux_2_28_x86_64.whl', size = 900000000, hashes = { sha256 = '11' } }]
";
