//! What is said of an image besides its config.

use std::ffi::OsString;

use super::{CUDA, QUICKSTART, engine};
use crate::gateway::Attestation;
use crate::gateway::fake_engine::FakeEngine;

async fn attested(engine: &FakeEngine, options: &[&str]) -> Vec<Attestation> {
    let options = [&["filename=modelcrate.yaml"], options].concat();
    let mut variables: Vec<(OsString, OsString)> = vec![("BUILDKIT_SESSION_ID".into(), "session".into())];
    for (number, option) in options.iter().enumerate() {
        variables.push((format!("BUILDKIT_FRONTEND_OPT_{number}").into(), option.into()));
    }
    let mut result = super::super::build(&engine.connect().await, variables)
        .await
        .map_err(|status| status.message)
        .unwrap();
    std::mem::take(&mut result.platforms[0].attestations)
}

fn types(attestations: &[Attestation]) -> Vec<&str> {
    attestations
        .iter()
        .map(|attestation| attestation.predicate_type.as_str())
        .collect()
}

/// The one document with these words, as it is written into the graph.
fn document(engine: &FakeEngine, words: &str) -> String {
    let solved = engine.solved();
    let mut documents: Vec<String> = solved
        .iter()
        .flat_map(|solved| &solved.definition.def)
        .map(|op| String::from_utf8_lossy(op).into_owned())
        .filter(|op| op.contains(words))
        .collect();
    assert_eq!(documents.len(), 1, "one document has {words}");
    documents.remove(0)
}

/// Every crate of a lock from elsewhere; the project's own is the image itself.
#[tokio::test]
async fn crates_are_listed_with_their_checksums() {
    let spec = "base: debian:bookworm-slim\nrust: { package: node }\nuser: 1000\nentrypoint: [node]\n";
    let manifest = "[package]\nname = 'node'\nversion = '1.0.0'\nedition = '2021'\n";
    let checksum = "7".repeat(64);
    let lock = format!(
        "version = 3\n[[package]]\nname = 'node'\nversion = '1.0.0'\n\
         [[package]]\nname = 'itoa'\nversion = '1.0.9'\nsource = 'registry+https://github.com/rust-lang/crates.io-index'\nchecksum = '{checksum}'\n\
         [[package]]\nname = 'tool'\nversion = '0.2.0'\nsource = 'git+https://git.test/tool#68a2'\n"
    );
    let (config, digest) = (super::config(""), format!("sha256:{}", "6".repeat(64)));
    let engine = engine(spec)
        .file("context", "Cargo.toml", manifest)
        .file("context", "Cargo.lock", lock)
        .file("context", "src/main.rs", "fn main() {}")
        .image("docker.io/library/debian:bookworm-slim", &digest, config.clone())
        .image("docker.io/library/rust:1.95-slim-bookworm", &digest, config);
    attested(&engine, &["attest:provenance=mode=min"]).await;
    for words in ["\"spdxVersion\"", "\"bomFormat\""] {
        let document = document(&engine, words);
        for part in ["pkg:cargo/itoa@1.0.9", &checksum, "pkg:cargo/tool@0.2.0?vcs_url="] {
            assert!(document.contains(part), "{part} is not in {document}");
        }
        assert!(!document.contains("pkg:cargo/node"), "{document}");
    }
}

#[tokio::test]
async fn parts_are_listed_where_attestations_are_wanted() {
    let engine = engine(CUDA);
    let attestations = attested(&engine, &["attest:provenance=mode=min,inline-only=true"]).await;
    assert_eq!(
        types(&attestations),
        ["https://spdx.dev/Document", "https://cyclonedx.org/bom"]
    );
    let document = document(&engine, "\"spdxVersion\"");
    for part in [
        "pkg:pypi/idna@3.10",
        "pkg:pypi/torch@2.9.0",
        "pkg:deb/ubuntu/git",
        "pkg:deb/ubuntu/libgomp1",
        "pkg:oci/cuda@sha256:333",
    ] {
        assert!(document.contains(part), "{part} is not in {document}");
    }
    assert!(!document.contains("devel"), "what only builds is no part");
}

#[tokio::test]
async fn a_scanner_of_the_users_still_runs() {
    let attestations = attested(&engine(QUICKSTART), &["attest:sbom="]).await;
    assert!(!types(&attestations).contains(&"https://spdx.dev/Document"));
    assert_eq!(attestations.len(), 2);
}

#[tokio::test]
async fn who_wants_none_gets_none() {
    assert_eq!(attested(&engine(QUICKSTART), &[]).await, []);
    let old = engine(QUICKSTART).without(&["reference.attestations"]);
    assert_eq!(attested(&old, &["attest:provenance=mode=max"]).await, []);
}
