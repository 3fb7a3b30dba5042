//! The example `nemotron`: llama.cpp's server from its real sources, around a real model that is tiny. A compiler works on it
//! for minutes, so that it is tested by `./dev nightly` alone.

use std::path::Path;
use std::process::Command;

use modelcrate_tests::example::TOKEN;
use modelcrate_tests::git::GitRepository;
use modelcrate_tests::hub::{Access, Hub, Repository};
use modelcrate_tests::llama_cpp;
use modelcrate_tests::website::Website;
use modelcrate_tests::{Build, Engine, Expected, Output, Project};
use tempfile::TempDir;

use crate::dockerfile::Pair;

/// The name that the sources get in the repository of the test.
const TAG: &str = "sources";

/// The repository of the model, and its files: of several sizes one is asked for.
const MODEL: &str = "nvidia/Nemotron-3-Nano-30B-A3B-GGUF";
const FILES: [&str; 2] = [
    "Nemotron-3-Nano-30B-A3B-Q4_K_M.gguf",
    "Nemotron-3-Nano-30B-A3B-Q8_0.gguf",
];

#[test]
#[ignore = "compiles for minutes: ./dev nightly"]
fn nightly_a_llama_server_is_compiled_and_answers() {
    let engine = Engine::main();
    let project = Project::example("nemotron");
    let folder = TempDir::new().expect("a folder");
    let sources = llama_cpp::sources(folder.path());
    let hub = hub(&engine, folder.path(), &sources, &project);
    let repository = GitRepository::new(&sources);
    repository.commit(&[]);
    repository.git(&["tag", TAG]);
    repository.publish(folder.path(), "llama.cpp");

    let server = Website::start(folder.path());
    let args = [
        format!("LLAMA_CPP={}#{TAG}", server.url("llama.cpp.git")),
        format!("HF_ENDPOINT={}", hub.url()),
        // No optimisation: what is tested is that it is compiled, not how fast it is.
        "BUILD_TYPE=Quick".to_owned(),
    ];
    let build = Build {
        target: Some("cpu"),
        args: &args,
        options: &["--secret", "id=hf_token,env=HF_TOKEN"],
        env: &[("HF_TOKEN", TOKEN)],
        ..Build::of(&project)
    };
    let lock = build.with(&engine, &["--call", "lock"]).output.stdout;
    project.write("modelcrate.lock", &lock);
    let (image, built) = build.load(&engine);
    // An engine that kept the step from an earlier run has nothing to say.
    let said = built.log.contains("at run time this needs libgomp1 (in `apt:`");
    let compiled = built.ran().contains(&"compile llama-server");
    assert_eq!(said, compiled, "{}", built.log);
    let expected = Expected::of(&project)
        .remove("cpu")
        .expect("the target is described");
    expected.check(&image, &project);
    Pair::of(&build).check();
    assert_eq!(build.load(&engine).1.ran(), Vec::<&str>::new(), "nothing changed");
}

/// A hub with the model behind a gate.
fn hub(engine: &Engine, folder: &Path, sources: &Path, project: &Project) -> Hub {
    let repository = folder.join("repository");
    std::fs::create_dir(&repository).expect("a folder");
    let files = FILES.map(|name| repository.join(name));
    make_model(folder, sources, project, &files[0]);
    std::fs::copy(&files[0], &files[1]).expect("a model");
    let card = "---\nlicense: other\nlicense_name: nvidia-open-model-license\n---\n";
    std::fs::write(repository.join("README.md"), card).expect("a file");
    let hub = Hub::for_engine(engine);
    hub.publish(Repository::of(MODEL, &repository).with(Access::gated(&[TOKEN])));
    hub
}

/// The example's script makes a model from a vocabulary of the sources.
fn make_model(folder: &Path, sources: &Path, project: &Project, model: &Path) {
    let environment = folder.join("environment");
    Output::of(Command::new("python3").args(["-m", "venv"]).arg(&environment)).ok();
    let own_python = environment.join("bin/python");
    let mut pip = Command::new(&own_python);
    Output::of(pip.args(["-m", "pip", "install", "--quiet", "gguf==0.19.0"])).ok();
    let mut script = Command::new(&own_python);
    Output::of(
        script
            .arg(project.file("tiny_model.py"))
            .arg(sources.join("models/ggml-vocab-llama-spm.gguf"))
            .arg(model),
    )
    .ok();
}
