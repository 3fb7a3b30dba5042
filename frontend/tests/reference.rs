//! `docs/spec.md`, the reference of the spec: made of the schema and of the examples beside it, `schema/examples/KEY.yaml`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says by panicking what is wrong"
)]

mod reference_support;

use std::collections::BTreeSet;
use std::path::PathBuf;

use modelcrate::spec::schema::json_schema;
use reference_support::{Key, keys};
use serde_json::Value;

const HEAD: &str = "\
# The spec, key by key

A spec is a YAML file whose first line is `# syntax=modelcrate/frontend:1`. No key must be there. `${NAME}` is an arg, or what
another key says (`${models.NAME.path}`); `$${NAME}` is left to the shell. Keys that begin with `x-` are yours: for anchors.

This page is made of the schema that editors use, [modelcrate.schema.json](../frontend/schema/modelcrate.schema.json). [By
task](../README.md#the-spec-by-task) tells the same the other way round.
";

fn schema() -> Value {
    serde_json::from_str(&json_schema()).unwrap()
}

fn path(of: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(of)
}

/// The examples of a key: one or several specs.
fn examples(key: &str) -> Vec<String> {
    let path = path("schema/examples").join(format!("{key}.yaml"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.split("---\n").map(ToOwned::to_owned).collect()
}

fn reference() -> String {
    let schema = schema();
    let mut text = HEAD.to_owned();
    let keys = keys(&schema);
    let names: Vec<String> = keys
        .iter()
        .map(|key| format!("[`{0}`](#{0})", key.name))
        .collect();
    text += &format!("\n{}\n", names.join(" · "));
    for key in &keys {
        text += &section(key);
    }
    text
}

fn section(key: &Key) -> String {
    let mut text = format!("\n## {}\n\n{} ({})\n", key.name, key.description, key.kind);
    if !key.below.is_empty() {
        text += "\n| key | what | |\n|---|---|---|\n";
        for (path, below) in key.all_below() {
            text += &format!("| `{path}` | {} | {} |\n", below.kind, below.description);
        }
    }
    for example in examples(&key.name) {
        text += &format!("\n```yaml\n{example}```\n");
    }
    text
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the wish to update is told through the environment"
)]
fn the_reference_is_that_of_the_schema() {
    let path = path("../docs/spec.md");
    if std::env::var("UPDATE_DOCS").is_ok() {
        std::fs::write(&path, reference()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == reference(),
        "docs/spec.md is not current; run: UPDATE_DOCS=1 cargo test -p modelcrate --test reference"
    );
}

/// What a later release reads has none.
#[test]
fn every_key_is_in_an_example_of_its_section() {
    let mut missing = Vec::new();
    for key in keys(&schema()) {
        let text = examples(&key.name).concat();
        for (path, below) in key.all_below() {
            let name = path.rsplit('.').next().unwrap();
            if !below.description.contains("not supported yet") && !is_key_in(name, &text) {
                missing.push(path);
            }
        }
    }
    assert_eq!(missing, [""; 0], "without an example in frontend/schema/examples");
}

fn is_key_in(name: &str, text: &str) -> bool {
    text.match_indices(&format!("{name}:")).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| matches!(c, ' ' | '\n' | '{'))
    })
}

#[test]
fn every_example_is_of_a_key() {
    let known: BTreeSet<String> = keys(&schema()).into_iter().map(|key| key.name).collect();
    let files: BTreeSet<String> = std::fs::read_dir(path("schema/examples"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.trim_end_matches(".yaml").to_owned())
        .collect();
    assert_eq!(files, known);
}
