//! What the example `nemotron` is made from: llama.cpp's real sources in a repository, and a real model that is tiny on a hub.

use std::path::{Path, PathBuf};
use std::process::Command;

use base16ct::lower::encode_string;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::git::GitRepository;
use crate::hub::{Access, Hub, Repository};
use crate::website::Website;
use crate::{Engine, Output, Project, llama_cpp};

/// The name that the sources get in their repository.
const TAG: &str = "sources";

/// The repository of the model, and its files: of several sizes one is asked for.
const MODEL: &str = "nvidia/Nemotron-3-Nano-30B-A3B-GGUF";
const FILES: [&str; 2] = [
    "Nemotron-3-Nano-30B-A3B-Q4_K_M.gguf",
    "Nemotron-3-Nano-30B-A3B-Q8_0.gguf",
];

/// The servers of both.
pub struct Nemotron {
    /// Where the model is.
    pub hub: Hub,
    /// The sha256 of the file that is asked for, in hexadecimal.
    pub sha256: String,
    sources: Website,
    _folder: TempDir,
}

impl Nemotron {
    /// Serves both; only those that `access` says see the model.
    ///
    /// # Panics
    /// If something cannot be downloaded.
    pub fn serve(engine: &Engine, example: &Project, access: Access) -> Self {
        let folder = TempDir::new().expect("a folder");
        let sources = llama_cpp::sources(folder.path());
        let model = make_model(folder.path(), &sources, example);
        let sha256 = encode_string(&Sha256::digest(std::fs::read(&model).expect("a model")));
        let hub = Hub::for_engine(engine);
        hub.publish(Repository::of(MODEL, &repository(folder.path(), &model)).with(access));
        let repository = GitRepository::new(&sources);
        repository.commit(&[]);
        repository.git(&["tag", TAG]);
        repository.publish(folder.path(), "llama.cpp");
        Self {
            hub,
            sha256,
            sources: Website::start(folder.path()),
            _folder: folder,
        }
    }

    /// Build args that lead to both. Nothing is optimised: what is looked at is that it is compiled, not how fast it is.
    pub fn args(&self) -> Vec<String> {
        vec![
            format!("LLAMA_CPP={}#{TAG}", self.sources.url("llama.cpp.git")),
            format!("HF_ENDPOINT={}", self.hub.url()),
            "BUILD_TYPE=Quick".to_owned(),
        ]
    }
}

/// The folder of what the hub has.
fn repository(folder: &Path, model: &Path) -> PathBuf {
    let repository = folder.join("repository");
    std::fs::create_dir(&repository).expect("a folder");
    for name in FILES {
        std::fs::copy(model, repository.join(name)).expect("a model");
    }
    let card = "---\nlicense: other\nlicense_name: nvidia-open-model-license\n---\n";
    std::fs::write(repository.join("README.md"), card).expect("a file");
    repository
}

/// The example's script makes a model from a vocabulary of the sources.
fn make_model(folder: &Path, sources: &Path, example: &Project) -> PathBuf {
    let environment = folder.join("environment");
    Output::of(Command::new("python3").args(["-m", "venv"]).arg(&environment)).ok();
    let own_python = environment.join("bin/python");
    let mut pip = Command::new(&own_python);
    Output::of(pip.args(["-m", "pip", "install", "--quiet", "gguf==0.19.0"])).ok();
    let model = folder.join("tiny.gguf");
    let mut script = Command::new(&own_python);
    Output::of(
        script
            .arg(example.file("tiny_model.py"))
            .arg(sources.join("models/ggml-vocab-llama-spm.gguf"))
            .arg(&model),
    )
    .ok();
    model
}
