//! The pages about rules: each is there, and its examples are what it says.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::calls::{ask, json};
use super::{MANIFEST, config};
use crate::check::drawn::{Build, findings_of};
use crate::diagnostic::{RULES, Rule, Severity};
use crate::gateway::fake_engine::FakeEngine;

/// Rules whose page has no example: what they find is not in the spec alone, and tests of their own have it.
const WITHOUT_EXAMPLE: [&str; 8] = [
    "emulated-build",
    "open-requirements",
    "outdated-lock",
    "stale-lock",
    "undeclared-build-arg",
    "unlocked",
    "unpinned-git",
    "unsupported-gpu",
];
/// Rules that look at the project's files.
const OF_THE_PROJECT: [&str; 5] = [
    "cuda-conflict",
    "cuda-mismatch",
    "cuda-twice",
    "no-ignore-file",
    "nvidia-without-cuda",
];

const LOCK: &str = "\
version = 1
[[package]]
name = 'quickstart'
source = { editable = '.' }
[package.metadata]
requires-dist = [{ name = 'idna' }, { name = 'torch', marker = \"extra == 'gpu'\" }]
";

/// PyTorch of CUDA 12.8 and a library of it, and a package that is compiled against them.
const PYLOCK: &str = "\
lock-version = '1.0'
[[packages]]
name = 'torch'
version = '2.9.0+cu128'
wheels = [{ url = 'https://files.test/torch-2.9.0+cu128-cp311-cp311-manylinux_2_28_x86_64.whl', size = 900000000, hashes = { sha256 = '11' } }]
[[packages]]
name = 'nvidia-cuda-runtime-cu12'
version = '12.8.90'
wheels = [{ url = 'https://files.test/nvidia_cuda_runtime_cu12-12.8.90-py3-none-manylinux_2_17_x86_64.whl', size = 900000, hashes = { sha256 = '22' } }]
[[packages]]
name = 'flash-attn'
version = '2.8.0'
sdist = { url = 'https://files.test/flash_attn-2.8.0.tar.gz', hashes = { sha256 = '33' } }
";

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rules"))
}

/// The page with what must not stand in it: a token that scanners would find.
fn page(rule: &Rule) -> String {
    let path = folder().join(format!("{}.md", rule.code));
    let page = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    page.replace("hf_…", &format!("hf_{}", "aBcDeFgHiJ".repeat(4)))
}

/// The example under a heading.
fn example<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let (_, below) = page.split_once(&format!("\n## {heading}\n\n```yaml\n"))?;
    below.split_once("```").map(|(example, _)| example)
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let rules: BTreeSet<String> = RULES.iter().map(|rule| format!("{}.md", rule.code)).collect();
    let pages: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    assert_eq!(pages, rules);
    let index = std::fs::read_to_string(folder().join("README.md")).unwrap();
    for rule in &RULES {
        let page = page(rule);
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        assert!(page.starts_with(&format!("# {}\n", rule.code)), "{page}");
        assert!(page.contains(&format!("Severity: {severity}.")), "{page}");
        let off = match rule.can_skip {
            true => format!("Off with `check: {{ skip: [{}] }}`.", rule.code),
            false => "Cannot be switched off.".to_owned(),
        };
        assert!(page.contains(&off), "{page}");
        assert!(page.contains("\n## Why\n"), "{page}");
        let line = format!("| [{}]({}.md) | {severity} |", rule.code, rule.code);
        assert!(index.contains(&line), "{line}");
        let has_examples = example(&page, "Bad").is_some() && example(&page, "Good").is_some();
        assert_eq!(has_examples, !WITHOUT_EXAMPLE.contains(&rule.code.0), "{page}");
    }
}

#[test]
fn the_bad_example_is_found_and_the_good_one_is_clean() {
    for rule in RULES.iter().filter(|rule| !OF_THE_PROJECT.contains(&rule.code.0)) {
        let page = page(rule);
        if let (Some(bad), Some(good)) = (example(&page, "Bad"), example(&page, "Good")) {
            let found = findings_of(bad, &Build::default());
            let found: Vec<_> = found
                .iter()
                .map(|finding| (finding.code, finding.severity))
                .collect();
            assert_eq!(found, [(rule.code, rule.severity)], "{bad}");
            assert_eq!(findings_of(good, &Build::default()), [], "{good}");
            if rule.can_skip {
                let skips = format!("{bad}check: {{ skip: [{}] }}\n", rule.code);
                assert_eq!(findings_of(&skips, &Build::default()), [], "{skips}");
            }
        }
    }
}

#[tokio::test]
async fn the_examples_about_a_project_are_what_they_say_beside_one() {
    for rule in RULES.iter().filter(|rule| OF_THE_PROJECT.contains(&rule.code.0)) {
        let page = page(rule);
        let (bad, good) = (example(&page, "Bad").unwrap(), example(&page, "Good").unwrap());
        assert_eq!(linted(bad).await, [rule.code.0], "{bad}");
        assert_eq!(linted(good).await, [""; 0], "{good}");
        let skips = format!("{bad}check: {{ skip: [{}] }}\n", rule.code);
        assert_eq!(linted(&skips).await, [""; 0], "{skips}");
    }
}

/// The rules that a spec breaks beside a project.
async fn linted(spec: &str) -> Vec<String> {
    let engine = engine(&format!("# syntax=modelcrate/frontend:1\n{spec}"));
    let answer = ask(&engine, "lint", &[]).await;
    let answer = json(&answer.map_err(|status| status.message).unwrap());
    let found = answer["warnings"].as_array().unwrap().iter();
    found
        .map(|finding| finding["ruleName"].as_str().unwrap().to_owned())
        .collect()
}

fn engine(spec: &str) -> FakeEngine {
    let engine = FakeEngine::current()
        .file("dockerfile", "modelcrate.yaml", spec)
        .file("context", "pyproject.toml", MANIFEST)
        .file("context", "uv.lock", LOCK)
        .file("[python 2/2] export uv.lock", "pylock.toml", PYLOCK);
    let images = [
        "debian:bookworm-slim",
        "ubuntu:22.04",
        "astral/uv:0.13.8-debian-slim",
        "astral/uv:0.13.8",
        "nvidia/cuda:12.8.1-runtime-ubuntu22.04",
        "nvidia/cuda:12.8.1-devel-ubuntu22.04",
        "nvidia/cuda:11.8.0-runtime-ubuntu22.04",
        "nvidia/cuda:11.8.0-devel-ubuntu22.04",
        "nvidia/cuda:12.1.0-runtime-ubuntu22.04",
        "nvidia/cuda:12.1.0-devel-ubuntu22.04",
    ];
    images.iter().enumerate().fold(engine, |engine, (number, image)| {
        let reference = match image.split_once('/') {
            Some(_) => format!("docker.io/{image}"),
            None => format!("docker.io/library/{image}"),
        };
        engine.image(&reference, &format!("sha256:{number:064}"), config(""))
    })
}

#[tokio::test]
async fn a_lock_that_is_too_old_is_taken_as_it_is_where_the_spec_says_so() {
    let newer = MANIFEST.replace("['idna']", "['idna', 'anyio']");
    let spec = "# syntax=modelcrate/frontend:1\npython: \"3.11\"\nentrypoint: [quickstart]\n";
    let linted = async |spec: &str| {
        let engine = engine(spec).file("context", "pyproject.toml", newer.as_str());
        let answer = ask(&engine, "lint", &[]).await;
        json(&answer.map_err(|status| status.message).unwrap())
    };
    assert_eq!(linted(spec).await["warnings"][0]["ruleName"], "stale-lock");
    let skips = format!("{spec}check: {{ skip: [stale-lock, nvidia-without-cuda] }}\n");
    assert_eq!(linted(&skips).await["warnings"], serde_json::json!([]));
}
