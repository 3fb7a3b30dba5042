//! First specs of the examples' folders, and of folders that are made here: each passes the checks.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Folder, spec};
use crate::check::check;
use crate::source::Source;
use crate::spec::{PlatformNames, Request};

/// Writes the spec of a folder and checks it for both platforms.
fn written(folder: &Folder) -> String {
    let text = spec(folder).unwrap();
    for arch in ["amd64", "arm64"] {
        let platform = PlatformNames::new("linux", arch, "");
        let request = Request {
            target: None,
            build_args: &BTreeMap::new(),
            platform: &platform,
            build_platform: &platform,
            models: &BTreeMap::new(),
        };
        let (checked, findings) = check(&Source::new("modelcrate.yaml", text.clone()), &request);
        assert!(findings.is_empty() && checked.is_some(), "{text}\n{findings:#?}");
    }
    text
}

fn example(name: &str) -> Folder {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name);
    let mut folder = crate::cli::folder(&root).unwrap();
    folder.files.remove("modelcrate.yaml");
    folder
}

fn made(files: &[(&str, &str)]) -> Folder {
    Folder {
        name: "My Folder".into(),
        files: files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect(),
    }
}

#[test]
fn the_examples_folders_without_their_specs() {
    for name in [
        "quickstart",
        "safe-synthesizer",
        "nemotron-hf",
        "nemotron",
        "nsn-director",
        "model-cache",
        "tabular",
    ] {
        insta::assert_snapshot!(name, written(&example(name)));
    }
}

#[test]
fn an_empty_folder_gets_a_spec_to_go_on_with() {
    assert!(written(&made(&[])).contains("name: my-folder\n"));
}

#[test]
fn requirements_a_dockerfile_and_models_are_read() {
    insta::assert_snapshot!(written(&made(&[
        ("requirements.txt", "torch==2.8.0\ntransformers>=4\n# vllm\n"),
        (
            "server.py",
            "m = AutoModel.from_pretrained(\"acme/Tiny-1B\")\n@app.get('/healthz')\nuvicorn.run(app, port=9000)\n"
        ),
        (
            "Dockerfile",
            "FROM python:3.12\nRUN apt-get update && apt-get install -y git libsndfile1\nCMD [\"python\", \"server.py\"]\n"
        ),
    ])));
}

#[test]
fn a_workspace_with_two_programs_and_a_project_of_cmake_are_read() {
    insta::assert_snapshot!(written(&made(&[
        ("Cargo.toml", "[workspace]\nmembers = ['a', 'b', 'lib']\n"),
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"openssl-sys\"\nversion = \"0.9\"\n"
        ),
        (
            "a/Cargo.toml",
            "[package]\nname = 'alpha'\ndescription = 'Says: hello'\n"
        ),
        ("a/src/main.rs", "const PORT: u16 = 7000;\n"),
        ("b/Cargo.toml", "[package]\nname = 'beta'\n"),
        ("b/src/bin/one.rs", ""),
        ("lib/Cargo.toml", "[package]\nname = 'lib'\n"),
        (
            "CMakeLists.txt",
            "project(x)\nadd_executable(serve main.cpp)\nadd_executable(serve_test t.cpp)\n"
        ),
    ])));
}
