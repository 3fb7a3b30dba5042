//! What is answered besides an image.

use std::ffi::OsString;

use serde_json::Value;

use super::{CUDA, QUICKSTART, engine};
use crate::gateway::fake_engine::FakeEngine;
use crate::gateway::{BuildResult, Status};

/// Asks a question of a spec.
pub(super) async fn ask(engine: &FakeEngine, name: &str, options: &[&str]) -> Result<BuildResult, Status> {
    let request = format!("requestid=frontend.{name}");
    let options = [&["filename=modelcrate.yaml", &request], options].concat();
    let mut variables: Vec<(OsString, OsString)> = vec![("BUILDKIT_SESSION_ID".into(), "session".into())];
    for (number, option) in options.iter().enumerate() {
        variables.push((format!("BUILDKIT_FRONTEND_OPT_{number}").into(), option.into()));
    }
    super::super::build(&engine.connect().await, variables).await
}

async fn answered(spec: &str, name: &str, options: &[&str]) -> BuildResult {
    answered_by(&engine(spec), name, options).await
}

pub(super) async fn answered_by(engine: &FakeEngine, name: &str, options: &[&str]) -> BuildResult {
    let answer = ask(engine, name, options).await;
    answer.map_err(|status| status.message).unwrap()
}

pub(super) fn text(answer: &BuildResult) -> String {
    String::from_utf8(answer.metadata["result.txt"].clone()).unwrap()
}

pub(super) fn json(answer: &BuildResult) -> Value {
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
    for known in [
        "`targets`",
        "`llb`",
        "`k8s`",
        "`ci.gitlab`",
        "`schema`",
        "`subrequests.describe`",
    ] {
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
    let json = &json(&answer)[0];
    assert_eq!(json["platform"], "linux/amd64");
    assert_eq!(json["vertices"], graph.json()["vertices"]);
}

#[tokio::test]
async fn scratch_is_a_graph_without_vertices() {
    let answer = answered("base: scratch\nentrypoint: [/x]\nuser: 1000\n", "llb", &[]).await;
    assert_eq!(text(&answer), "scratch\n");
    assert_eq!(json(&answer)[0]["vertices"], Value::Array(Vec::new()));
}

/// The same functions write them for the command `modelcrate`.
#[tokio::test]
async fn files_of_the_systems_around_are_those_of_the_command() {
    use crate::around::{Cluster, Subject, bake, compose, github, gitlab, kubernetes};
    use crate::source::Source;

    let spec = format!("{QUICKSTART}targets:\n  dev: {{ base: debian }}\n");
    let options = [
        "target=dev",
        "vcs:localdir:context=.",
        "vcs:localdir:dockerfile=services/app",
        "build-arg:K8S_IMAGE=registry.example.com/app:1",
    ];
    let source = Source::new("services/app/modelcrate.yaml", spec.as_str());
    let subject = Subject::read(&source, &std::collections::BTreeMap::new()).unwrap();
    let target = subject.target(Some("dev")).unwrap();
    let cluster = Cluster {
        image: Some("registry.example.com/app:1".into()),
        ..Cluster::default()
    };
    for (name, file) in [
        ("bake", bake(&subject)),
        ("compose", compose(&subject, target)),
        ("k8s", kubernetes(&subject, target, &cluster)),
        ("ci.github", github(&subject, target)),
        ("ci.gitlab", gitlab(&subject, target)),
    ] {
        assert_eq!(
            text(&answered(&spec, name, &options).await),
            file.unwrap(),
            "{name}"
        );
    }
    // A spec in another folder than the context has no path in it.
    let options = ["vcs:localdir:context=app", "vcs:localdir:dockerfile=specs"];
    let bake = text(&answered(&spec, "bake", &options).await);
    assert!(bake.contains("= \"modelcrate.yaml\"\n"), "{bake}");

    let status = ask(&engine(&spec), "compose", &["target=dve"])
        .await
        .expect_err("no such target");
    assert!(status.message.contains("`dev`"), "{}", status.message);
    let token = format!("hf_{}", "aBcDeFgHiJ".repeat(4));
    let status = ask(&engine(&format!("env: {{ A: {token} }}\n")), "k8s", &[]).await;
    let message = status.expect_err("a mistake").message;
    assert!(
        message.contains("modelcrate.yaml:1") && !message.contains(&token),
        "{message}"
    );
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
async fn other_builders_are_told_in_their_words() {
    let spec = format!(
        "{QUICKSTART}run:\n  - {{ command: echo, secrets: [{{ id: token, env: TOKEN }}, {{ id: more, env: MORE, optional: true }}] }}\n\
         copy: [{{ src: src, dest: /srv, chmod: go-w }}]\n"
    );
    let text = text(&answered(&spec, "containerfile", &[]).await);
    let (_, from) = text
        .split_once("\nFROM docker.io/library/python:3.11-slim@sha256:")
        .expect("a whole reference");
    for unknown in ["# syntax=", "--link", ",env=", "--chmod=go-w"] {
        assert!(!text.contains(unknown), "{unknown}");
    }
    for said in [
        "export TOKEN=\"$(cat /run/secrets/token)\"\n[ ! -f /run/secrets/more ] || export MORE=\"$(cat /run/secrets/more)\"\necho\n",
        "RUN if [ -d /layer/srv ]; then find /layer/srv -mindepth 1 ! -type l -exec chmod go-w {} +; else chmod go-w /layer/srv; fi\n",
    ] {
        assert!(from.contains(said), "{from}");
    }
}

#[tokio::test]
async fn a_dockerfile_stands_on_what_a_named_context_puts_in_place_of_an_image() {
    let spec = "# syntax=modelcrate/frontend:1\nbase: debian:bookworm-slim\nuser: root\nentrypoint: [cat]\n";
    let digest = format!("sha256:{}", "7".repeat(64));
    let engine = engine(spec).image("mirror.test/hardened:1", &digest, "{}");
    let context = "context:debian:bookworm-slim=docker-image://mirror.test/hardened:1";
    let text = text(&answered_by(&engine, "dockerfile", &[context]).await);
    let base = format!("mirror.test/hardened:1@{digest}");
    assert!(text.contains(&format!("FROM {base}\n")), "{text}");
    assert!(!text.contains("debian:bookworm-slim"), "{text}");
    assert!(
        text.contains("org.opencontainers.image.base.name=mirror.test/hardened:1"),
        "{text}"
    );
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

const GIVEN: &str = "\
# syntax=modelcrate/frontend:1
description: What can be given
base: python:3.11-slim
args:
  # Which release
  # is packed
  VERSION: \"1\"
  TAG: v${VERSION}
  HF_TOKEN: null
  MUST: null
labels: { version: \"${TAG} ${HF_TOKEN} ${MUST}\" }
secrets: { key: { description: opens the index, optional: true } }
check: { skip: [secret-name] }
run: { command: make, stage: build, secrets: key, ssh: deploy, cache: /root/.cache, outputs: /out }
";

#[tokio::test]
async fn an_outline_lists_what_can_be_given() {
    let options = ["build-arg:HF_TOKEN=tops3cret", "build-arg:MUST=m"];
    let answer = answered(GIVEN, "outline", &options).await;
    insta::assert_snapshot!(text(&answer), @"
    TARGET:        (default)
    DESCRIPTION:   What can be given

    BUILD ARG   VALUE   DESCRIPTION
    VERSION     1       Which release is packed
    TAG         v1
    HF_TOKEN    ****
    MUST        m

    SECRET   REQUIRED   DESCRIPTION
    key                 opens the index

    SSH      REQUIRED   DESCRIPTION
    deploy   true

    CACHE
    /root/.cache
    ");
    let json = json(&answer);
    assert_eq!(json["args"][1]["value"], "v1");
    assert_eq!(json["args"][1]["location"]["ranges"][0]["start"]["line"], 8);
    assert_eq!(json["secrets"][0]["name"], "key");
    assert!(json["secrets"][0].get("required").is_none());
    assert_eq!(json["ssh"][0]["required"], true);
    assert_eq!(json["cache"][0]["ID"], "/root/.cache");
    assert!(!json.to_string().contains("tops3cret"));
}

#[tokio::test]
async fn a_clean_spec_exits_with_nothing() {
    for name in ["lint", "check"] {
        let answer = answered(QUICKSTART, name, &[]).await;
        assert_eq!(text(&answer), "modelcrate.yaml: no findings\n");
        assert_eq!(answer.metadata["result.statuscode"], b"0");
        assert_eq!(json(&answer)["warnings"], serde_json::json!([]));
    }
}

#[tokio::test]
async fn findings_are_listed_with_their_lines_and_no_warning_is_shown_beside_them() {
    let spec = QUICKSTART.to_owned() + "args: { UNUSED: a }\ntargets: { dev: { porst: [] } }\n";
    let engine = engine(&spec);
    let answer = ask(&engine, "lint", &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    assert_eq!(answer.metadata["result.statuscode"], b"1");
    assert!(engine.warnings().is_empty());
    let json = json(&answer);
    let [unused, unknown] = json["warnings"].as_array().unwrap().as_slice() else {
        panic!("two findings: {json}");
    };
    assert_eq!(unused["ruleName"], "unused-arg");
    assert_eq!(unused["severity"], "warning");
    assert_eq!(unused["url"], "docs/rules/unused-arg.md");
    assert_eq!(unused["location"]["ranges"][0]["start"]["line"], 11);
    assert_eq!(unknown["ruleName"], "unknown-key");
    assert_eq!(unknown["severity"], "error");
    assert_eq!(json["sources"][0]["filename"], "modelcrate.yaml");
    assert_eq!(json["buildError"]["message"], "unknown key `porst`");
    assert_eq!(json["buildError"]["location"]["ranges"][0]["start"]["line"], 12);
}

#[tokio::test]
async fn what_only_the_projects_files_say_is_found_too() {
    let engine = FakeEngine::current()
        .file("dockerfile", "modelcrate.yaml", QUICKSTART)
        .file("context", "pyproject.toml", super::MANIFEST)
        .image(
            "docker.io/library/python:3.11-slim",
            "sha256:00",
            super::config(",\"PYTHON_VERSION=3.11.9\""),
        )
        .image("docker.io/astral/uv:0.13.8", "sha256:00", super::config(""));
    let answer = ask(&engine, "lint", &[])
        .await
        .map_err(|status| status.message)
        .unwrap();
    assert_eq!(
        json(&answer)["warnings"][0]["ruleName"],
        "missing-file",
        "{}",
        text(&answer)
    );
}

#[tokio::test]
async fn an_image_that_is_not_there_ends_the_look() {
    let answer = answered("# syntax=modelcrate/frontend:1\nbase: nowhere:1\n", "lint", &[]).await;
    let json = json(&answer);
    let message = json["buildError"]["message"].as_str().unwrap();
    assert!(
        message.contains("the image `nowhere:1` cannot be used"),
        "{message}"
    );
    assert_eq!(json["buildError"]["location"]["ranges"][0]["start"]["line"], 2);
    assert_eq!(answer.metadata["result.statuscode"], b"1");
}

#[tokio::test]
async fn an_arg_that_another_target_must_be_given_is_no_finding() {
    let spec = QUICKSTART.to_owned() + "targets: { dev: { args: { MUST: null }, cmd: \"${MUST}\" } }\n";
    let answer = answered(&spec, "lint", &[]).await;
    assert_eq!(text(&answer), "modelcrate.yaml: no findings\n");
    let answer = answered(&spec, "lint", &["target=dev"]).await;
    assert_eq!(json(&answer)["warnings"][0]["ruleName"], "missing-arg");
}
