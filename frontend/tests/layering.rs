//! Holds the invariants of ARCHITECTURE.md that a compiler does not.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read the sources has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The pure stages: what they use of the rest of the crate, and what they must never use.
const STAGES: [(&str, &[&str]); 6] = [
    (
        "spec",
        &[
            "check", "plan", "lower", "driver", "gateway", "context", "options",
        ],
    ),
    (
        "check",
        &["plan", "lower", "driver", "gateway", "context", "options"],
    ),
    (
        "python",
        &[
            "spec", "check", "plan", "lower", "driver", "gateway", "context", "options",
        ],
    ),
    (
        "rust",
        &[
            "spec", "check", "plan", "lower", "driver", "gateway", "context", "options",
        ],
    ),
    (
        "plan",
        &["spec", "lower", "driver", "gateway", "context", "options"],
    ),
    ("lower", &["spec", "driver", "gateway"]),
];

#[test]
fn stages_know_only_those_before_them() {
    for (stage, forbidden) in STAGES {
        for (path, text) in sources(stage) {
            for other in forbidden {
                let used =
                    text.contains(&format!("crate::{other}::")) || text.contains(&format!("crate::{other};"));
                assert!(!used, "{} uses {other}", path.display());
            }
        }
    }
}

#[test]
fn a_plan_mentions_neither_llb_nor_the_wire() {
    for stage in ["spec", "check", "python", "rust", "plan"] {
        for (path, text) in sources(stage) {
            // The name of an image is text, and no graph.
            let text = text.replace("buildkit_llb::ImageReference", "");
            for word in ["buildkit_llb", "bollard_buildkit_proto", "prost::", "tonic::"] {
                assert!(!text.contains(word), "{} mentions {word}", path.display());
            }
        }
    }
}

#[test]
fn nothing_from_spec_to_lower_is_async_or_does_io() {
    for stage in [
        "spec", "check", "python", "rust", "plan", "lower", "init", "around",
    ] {
        for (path, text) in sources(stage) {
            for word in [
                "async fn",
                ".await",
                "std::fs",
                "std::net",
                "std::process",
                "std::env",
                "tokio",
            ] {
                assert!(!text.contains(word), "{} has {word}", path.display());
            }
        }
    }
}

/// What changes the checker's bytes has every engine that lacks some weights download them, to look at them again.
#[test]
fn the_checker_changes_with_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let checker = root.join("checker");
    let manifest = fs::read_to_string(checker.join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let version = manifest["package"]["version"].as_str();
    assert!(
        version.is_some(),
        "it has the workspace's version, which each release changes"
    );
    for table in manifest.keys() {
        let of_others = table.ends_with("dependencies") || ["target", "features"].contains(&table.as_str());
        assert!(!of_others, "`[{table}]` makes it change with others");
    }
    assert!(
        !checker.join("build.rs").exists(),
        "a build script reads the machine"
    );
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap();
    let lock: toml::Table = lock.parse().unwrap();
    let mut packages = lock["package"].as_array().unwrap().iter();
    let locked = packages.find(|package| package["name"].as_str() == Some("modelcrate-checker"));
    assert_eq!(locked.unwrap().get("dependencies"), None);
}

/// Every source file of a stage without its tests: they may read fixtures, and use later stages to say what they expect.
fn sources(stage: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(stage);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("tests.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
                found.push((path, code));
            }
        }
    }
    assert!(!found.is_empty(), "{stage} has no sources");
    found
}
