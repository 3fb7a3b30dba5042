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

#[tokio::test]
async fn parts_are_listed_where_attestations_are_wanted() {
    let engine = engine(CUDA);
    let attestations = attested(&engine, &["attest:provenance=mode=min,inline-only=true"]).await;
    assert_eq!(
        types(&attestations),
        ["https://spdx.dev/Document", "https://cyclonedx.org/bom"]
    );
    let solved = engine.solved();
    let documents: Vec<String> = solved
        .iter()
        .flat_map(|solved| &solved.definition.def)
        .map(|op| String::from_utf8_lossy(op).into_owned())
        .filter(|op| op.contains("\"spdxVersion\""))
        .collect();
    let [document] = documents.as_slice() else {
        panic!("one document");
    };
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
