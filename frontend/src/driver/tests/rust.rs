//! Programs in Rust: what is asked about them, and when.

use super::{build, engine};
use crate::gateway::fake_engine::Call;

const SPEC: &str = "\
# syntax=modelcrate/frontend:1
cuda: { version: auto, os: ubuntu22.04 }
python: \"3.12.1\"
rust: { package: node }
";

const MANIFEST: &str = "[package]\nname = 'node'\nversion = '1.0.0'\nedition = '2021'\n";
const LOCK: &str = "version = 3\n[[package]]\nname = 'node'\nversion = '1.0.0'\n";

const PYLOCK: &str = "\
lock-version = '1.0'
[[packages]]
name = 'torch'
version = '2.9.0+cu128'
wheels = [{ url = 'https://files.test/torch-2.9.0%2Bcu128-cp312-cp312-manylinux_2_28_x86_64.whl', hashes = { sha256 = '11' } }]
";

#[tokio::test]
async fn where_the_lock_says_the_base_the_toolchain_waits_for_it() {
    let (config, digest) = (super::config(""), format!("sha256:{}", "6".repeat(64)));
    let engine = engine(SPEC)
        .file("[python 2/2] export uv.lock", "pylock.toml", PYLOCK)
        .file("context", "Cargo.toml", MANIFEST)
        .file("context", "Cargo.lock", LOCK)
        .file("context", "src/main.rs", "fn main() {}")
        .image(
            "docker.io/library/rust:1.95-slim-bookworm",
            &digest,
            config.clone(),
        )
        .image("docker.io/library/ubuntu:22.04", &digest, config.clone());
    let built = build(&engine, &[]).await;
    built.map_err(|status| status.message).unwrap();
    let calls = engine.calls();
    let asked = calls.iter().filter_map(|call| match call {
        Call::ResolveSourceMeta(request) => request.source.as_ref(),
        _ => None,
    });
    let asked: Vec<&str> = asked
        .filter_map(|source| source.identifier.strip_prefix("docker-image://docker.io/"))
        .collect();
    assert_eq!(
        asked,
        [
            "astral/uv:0.13.8-debian-slim",
            "nvidia/cuda:12.8.1-runtime-ubuntu22.04",
            "nvidia/cuda:12.8.1-devel-ubuntu22.04",
            "library/rust:1.95-slim-bookworm",
            "library/ubuntu:22.04",
        ]
    );
    let manifests = engine.solved().into_iter();
    let manifests =
        manifests.filter(|solved| solved.list("local.followpaths").contains(&"Cargo.lock".into()));
    assert_eq!(manifests.count(), 1, "the workspace is read once");
}
