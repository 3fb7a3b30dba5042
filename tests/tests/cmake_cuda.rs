//! A project in CUDA, compiled by NVIDIA's own compiler: `./dev nightly`, for it downloads 130 MB and compiles slowly.

use std::process::Command;

use modelcrate_tests::{Build, Engine, Output, Project, unique};
use tempfile::TempDir;

/// The compiler, as the Python index has it: unpacked, these lie as a toolkit does.
const TOOLKIT: [&str; 5] = [
    "nvidia-cuda-nvcc==13.0.88",
    "nvidia-nvvm==13.0.88",
    "nvidia-cuda-crt==13.0.88",
    "nvidia-cuda-runtime==13.0.96",
    "nvidia-cuda-cccl==13.0.85",
];

/// In place of nvidia/cuda's devel image, where that cannot be pulled.
const DOCKERFILE: &str = r#"
FROM debian:bookworm-slim
ENV PATH=/usr/local/cuda/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY nvidia/cu13 /usr/local/cuda
RUN cd /usr/local/cuda && ln -s lib lib64 && ln -s libcudart.so.13 lib/libcudart.so && chmod +x bin/* nvvm/bin/*
"#;

const SPEC: &str = r#"# syntax=modelcrate/frontend:1
name: gpu
base: debian:bookworm-slim
cuda: { version: "13.0.1", os: ubuntu24.04, image: none, archs: [90] }
cmake: { source: gpu, targets: [gpu] }
entrypoint: [gpu]
"#;

#[test]
#[ignore = "downloads a compiler: ./dev nightly"]
fn nightly_nvcc_compiles_for_the_architectures_of_the_spec() {
    let engine = Engine::main();
    let compiler = compiler(&engine);
    let project = Project::with(&[("modelcrate.yaml", SPEC)]);
    let gpu = Project::fixture("gpu");
    for file in ["CMakeLists.txt", "main.cu"] {
        project.write(&format!("gpu/{file}"), &gpu.read(file));
    }
    let context = format!("nvidia/cuda:13.0.1-devel-ubuntu24.04=docker-image://{compiler}");
    let build = Build {
        options: &["--build-context", &context],
        ..Build::of(&project)
    };
    let (image, _) = build.load(&engine);
    let said = image.run(&modelcrate_tests::Run::default()).ok().stdout;
    assert!(said.starts_with("compiled for 900\n"), "{said}");
}

/// Builds the compiler's image and pushes it: its name.
fn compiler(engine: &Engine) -> String {
    let folder = TempDir::new().expect("a folder");
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"])
        .arg(folder.path())
        .args(TOOLKIT);
    Output::of(&mut pip).ok();
    std::fs::write(folder.path().join("Dockerfile"), DOCKERFILE).expect("a file");
    let name = format!("{}/modelcrate-test/{}", engine.registry(), unique("nvcc"));
    let mut build = engine.docker(&["buildx", "build", "--quiet", "--push", "--tag", &name]);
    Output::of(build.arg(folder.path())).ok();
    name
}
