//! The example `nemotron`: llama.cpp's server from its real sources, around a real model that is tiny. A compiler works on it
//! for minutes, so that it is tested by `./dev nightly` alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use modelcrate_tests::git::GitRepository;
use modelcrate_tests::website::Website;
use modelcrate_tests::{Build, Engine, Expected, Output, Project};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The package of the Python index that carries the whole sources of llama.cpp.
const PACKAGE: &str = "llama-cpp-python==0.3.36";
/// The name that the sources get in the repository of the test.
const TAG: &str = "sources";

#[test]
#[ignore = "compiles for minutes: ./dev nightly"]
fn nightly_a_llama_server_is_compiled_and_answers() {
    let engine = Engine::main();
    let project = Project::example("nemotron");
    let folder = TempDir::new().expect("a folder");
    let sources = sources(folder.path());
    let model = model(folder.path(), &sources, &project);
    let repository = GitRepository::new(&sources);
    repository.commit(&[]);
    repository.git(&["tag", TAG]);
    repository.publish(folder.path(), "llama.cpp");

    let server = Website::start(folder.path());
    let args = [
        format!("LLAMA_CPP={}#{TAG}", server.url("llama.cpp.git")),
        format!("MODEL_URL={}", server.url("tiny.gguf")),
        format!("MODEL_SHA256={}", sha256(&model)),
        // No optimisation: what is tested is that it is compiled, not how fast it is.
        "BUILD_TYPE=Quick".to_owned(),
    ];
    let build = Build {
        target: Some("cpu"),
        args: &args,
        ..Build::of(&project)
    };
    let (image, built) = build.load(&engine);
    // An engine that kept the step from an earlier run has nothing to say.
    let said = built.log.contains("at run time this needs libgomp1 (in `apt:`");
    let compiled = built.ran().contains(&"compile llama-server");
    assert_eq!(said, compiled, "{}", built.log);
    let expected = Expected::of(&project)
        .remove("cpu")
        .expect("the target is described");
    expected.check(&image, &project);
    assert_eq!(build.load(&engine).1.ran(), Vec::<&str>::new(), "nothing changed");
}

/// Unpacks llama.cpp: the folder of its sources, without the `.git` of a submodule.
fn sources(folder: &Path) -> PathBuf {
    let mut pip = python(&["-m", "pip", "download", "--quiet", "--no-deps"]);
    pip.args(["--no-binary", "llama-cpp-python", PACKAGE, "--dest"])
        .arg(folder);
    Output::of(&mut pip).ok();
    let mut archives = std::fs::read_dir(folder).expect("a folder");
    let archive = archives
        .find_map(|entry| {
            Some(entry.ok()?.path()).filter(|path| path.extension().is_some_and(|end| end == "gz"))
        })
        .expect("the archive was downloaded");
    let mut tar = Command::new("tar");
    Output::of(
        tar.args(["--extract", "--strip-components", "1", "--directory"])
            .arg(folder)
            .arg("--file")
            .arg(archive),
    )
    .ok();
    let sources = folder.join("vendor/llama.cpp");
    std::fs::remove_file(sources.join(".git")).expect("the file of a submodule");
    sources
}

/// Makes the model: the example's script has it from a vocabulary of the sources.
fn model(folder: &Path, sources: &Path, project: &Project) -> PathBuf {
    let environment = folder.join("environment");
    Output::of(python(&["-m", "venv"]).arg(&environment)).ok();
    let own_python = environment.join("bin/python");
    let mut pip = Command::new(&own_python);
    Output::of(pip.args(["-m", "pip", "install", "--quiet", "gguf==0.19.0"])).ok();
    let model = folder.join("tiny.gguf");
    let mut script = Command::new(&own_python);
    Output::of(
        script
            .arg(project.file("tiny_model.py"))
            .arg(sources.join("models/ggml-vocab-llama-spm.gguf"))
            .arg(&model),
    )
    .ok();
    model
}

fn python(args: &[&str]) -> Command {
    let mut python = Command::new("python3");
    python.args(args);
    python
}

fn sha256(file: &Path) -> String {
    let digest = Sha256::digest(std::fs::read(file).expect("a file"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
