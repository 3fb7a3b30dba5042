//! Files of the examples and of a spec that has everything, to be read.

use std::collections::BTreeMap;

use super::{Cluster, Subject, bake, compose, github, gitlab, kubernetes};
use crate::source::Source;

/// A server with a model that is fetched, one that is mounted, a GPU, secrets and volumes.
const SERVER: &str = r#"# syntax=modelcrate/frontend:1
name: team/model-server
description: Serves two models
args:
  # how weights are read: 4bit or 8bit
  QUANTIZATION: 4bit
cuda: "12.8.1"
secrets: [hf_token]
models:
  small: { hf: org/small, token: hf_token, deliver: fetch }
  whole: { hf: org/whole, token: hf_token, deliver: volume }
run: [{ command: "true", secrets: [hf_token] }]
env: { QUANTIZATION: "${QUANTIZATION}" }
user: server
ports: { http: 8091, metrics: 9100/udp }
volumes: [/var/lib/server]
healthcheck: { url: "http://localhost:8091/health?full=1", interval: 30s, timeout: 3s, start_period: 5m, retries: 4 }
preflight: { gpu: true, shm: 1GiB, hf_token: true, hf_home: true }
stop: { signal: SIGINT, grace: 90s }
entrypoint: [serve]
targets:
  cpu: { description: Without a GPU, cuda: none, base: debian:bookworm-slim }
"#;

fn subject(text: &str) -> Subject {
    Subject::read(&Source::new("modelcrate.yaml", text), &BTreeMap::new())
        .unwrap_or_else(|found| panic!("{found:#?}"))
}

#[test]
fn a_server_has_files_for_all_systems() {
    let subject = subject(SERVER);
    let target = subject.target(None).unwrap();
    insta::assert_snapshot!("bake", bake(&subject).unwrap());
    insta::assert_snapshot!("compose", compose(&subject, target).unwrap());
    insta::assert_snapshot!(
        "kubernetes",
        kubernetes(&subject, target, &Cluster::default()).unwrap()
    );
    insta::assert_snapshot!("github", github(&subject, target).unwrap());
    insta::assert_snapshot!("gitlab", gitlab(&subject, target).unwrap());
    let cluster = Cluster {
        image: Some("registry.example.com/server@sha256:0123".into()),
        models: Some("registry.example.com/weights:1".into()),
        cache: Some("registry.example.com/hf-model-cache:1".into()),
    };
    insta::assert_snapshot!(
        "kubernetes-cache",
        kubernetes(&subject, subject.target(Some("cpu")).unwrap(), &cluster).unwrap()
    );
}

#[test]
fn a_container_is_given_what_opens_the_sources_that_it_fetches_from() {
    let subject = subject(
        "base: debian:bookworm-slim\nuser: app\nentrypoint: [serve]\nmodels:\n\
         \x20 a: { s3: \"s3://bucket/a\", access_key: s3_key, secret_key: s3_secret, deliver: fetch }\n\
         \x20 b: { oci: \"r.test/org/b:1\", token: registry, deliver: fetch }\n\
         \x20 c: { oci: \"r.test/org/c:1\", token: of_the_build }\n",
    );
    let target = subject.target(None).unwrap();
    let text = compose(&subject, target).unwrap();
    assert!(
        text.contains("\n    secrets: [registry, s3_key, s3_secret]\n"),
        "{text}"
    );
    let text = kubernetes(&subject, target, &Cluster::default()).unwrap();
    let note = "generic app --from-file=registry --from-file=s3_key --from-file=s3_secret\n";
    assert!(text.contains(note), "{text}");
    assert_eq!(
        text.matches("mountPath: /run/secrets").count(),
        2,
        "both see them: {text}"
    );
    assert!(!text.contains("of_the_build"), "{text}");
}

#[test]
fn the_least_spec_has_files_too() {
    let subject = subject("base: debian:bookworm-slim\nuser: root\nentrypoint: [cat]\n");
    let target = subject.target(None).unwrap();
    insta::assert_snapshot!(
        "least",
        [
            bake(&subject).unwrap(),
            compose(&subject, target).unwrap(),
            kubernetes(&subject, target, &Cluster::default()).unwrap(),
        ]
        .join("\n=====\n")
    );
    for text in [
        github(&subject, target).unwrap(),
        gitlab(&subject, target).unwrap(),
    ] {
        assert!(!text.to_lowercase().contains("hf_token"), "{text}");
    }
}

#[test]
fn mistakes_are_told_and_nothing_is_written() {
    let found = Subject::read(&Source::new("modelcrate.yaml", "bas: x\n"), &BTreeMap::new()).unwrap_err();
    assert!(
        found.iter().any(|finding| finding.message.contains("`bas`")),
        "{found:#?}"
    );
}
