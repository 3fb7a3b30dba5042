//! What is answered besides an image.

use std::ffi::OsString;

use serde_json::Value;

use super::{CUDA, QUICKSTART, engine};
use crate::gateway::fake_engine::FakeEngine;
use crate::gateway::{BuildResult, Status};

/// Asks a question of a spec.
async fn ask(engine: &FakeEngine, name: &str, options: &[&str]) -> Result<BuildResult, Status> {
    let request = format!("requestid=frontend.{name}");
    let options = [&["filename=modelcrate.yaml", &request], options].concat();
    let mut variables: Vec<(OsString, OsString)> = vec![("BUILDKIT_SESSION_ID".into(), "session".into())];
    for (number, option) in options.iter().enumerate() {
        variables.push((format!("BUILDKIT_FRONTEND_OPT_{number}").into(), option.into()));
    }
    super::super::build(&engine.connect().await, variables).await
}

async fn answered(spec: &str, name: &str, options: &[&str]) -> BuildResult {
    let answer = ask(&engine(spec), name, options).await;
    answer.map_err(|status| status.message).unwrap()
}

fn text(answer: &BuildResult) -> String {
    String::from_utf8(answer.metadata["result.txt"].clone()).unwrap()
}

fn json(answer: &BuildResult) -> Value {
    serde_json::from_slice(&answer.metadata["result.json"]).unwrap()
}

#[tokio::test]
async fn frontend_subrequests_describe_themselves() {
    for name in [
        "subrequests.describe",
        "describe",
        "frontend.subrequests.describe",
    ] {
        let answer = answered(QUICKSTART, name, &[]).await;
        let json = json(&answer);
        let names: Vec<&str> = json
            .as_array()
            .unwrap()
            .iter()
            .map(|call| call["name"].as_str().unwrap())
            .collect();
        assert_eq!(names.last(), Some(&"frontend.subrequests.describe"));
        assert!(names.contains(&"frontend.targets"), "{names:?}");
        assert_eq!(answer.metadata["version"], b"1.0.0");
        let lines = text(&answer).lines().count();
        assert_eq!(lines, names.len() + 1, "a line for each, and a head");
    }
}

#[tokio::test]
async fn an_unknown_call_names_the_known_ones() {
    let status = ask(&engine(QUICKSTART), "nope", &[]).await;
    let status = status.expect_err("an unknown question is refused");
    assert!(status.details[0].type_url.ends_with("errdefs.Subrequest+json"));
    for known in ["`targets`", "`llb`", "`schema`", "`subrequests.describe`"] {
        assert!(status.message.contains(known), "{}", status.message);
    }
}

#[tokio::test]
async fn targets_are_the_spec_itself_and_those_that_are_named() {
    let spec = format!("{QUICKSTART}targets:\n  dev: {{ description: With a shell, base: debian }}\n");
    let answer = answered(&spec, "targets", &[]).await;
    insta::assert_snapshot!(text(&answer), @"
    TARGET      BASE               DESCRIPTION
    (default)   python:3.11-slim   A server
    dev         debian             With a shell
    ");
    let json = json(&answer);
    assert_eq!(json["targets"][0]["default"], true);
    assert_eq!(json["targets"][1]["name"], "dev");
    assert_eq!(json["targets"][1]["location"]["ranges"][0]["start"]["line"], 12);
}

#[tokio::test]
async fn a_token_is_in_no_answer() {
    use base64::Engine;
    let token = format!("hf_{}", "aBcDeFgHiJ".repeat(4));
    let spec = format!("{QUICKSTART}# {token}\n");
    let answer = answered(&spec, "targets", &[]).await;
    let sent = json(&answer)["sources"][0].as_str().unwrap().to_owned();
    let sent = base64::engine::general_purpose::STANDARD.decode(sent).unwrap();
    let sent = String::from_utf8(sent).unwrap();
    assert!(sent.contains("quickstart") && !sent.contains(&token), "{sent}");
}

#[tokio::test]
async fn the_graph_of_a_call_is_that_of_the_build() {
    let answer = answered(QUICKSTART, "llb", &[]).await;
    let (graph, _) = super::built(QUICKSTART, &[]).await;
    assert_eq!(text(&answer), graph.dump());
}

#[tokio::test]
async fn the_schema_needs_no_spec() {
    let answer = ask(&FakeEngine::current(), "schema", &[]).await;
    let answer = answer.map_err(|status| status.message).unwrap();
    assert_eq!(json(&answer)["title"], "modelcrate spec");
}

#[tokio::test]
async fn a_dockerfile_says_the_same_as_the_graph() {
    for (name, spec) in [("base_python", QUICKSTART), ("cuda", CUDA)] {
        insta::assert_snapshot!(name, text(&answered(spec, "dockerfile", &[]).await));
    }
}

#[tokio::test]
async fn a_dockerfile_is_for_one_platform() {
    let asked = ask(
        &engine(QUICKSTART),
        "dockerfile",
        &["platform=linux/amd64,linux/arm64"],
    )
    .await;
    let status = asked.expect_err("two platforms");
    assert!(
        status.message.contains("choose it with `--platform`"),
        "{}",
        status.message
    );
}
