//! Projects in CUDA, compiled by NVIDIA's own compiler: `./dev nightly`, for it is a large download and compiles slowly.

use std::path::Path;

use crate::dockerfile::Pair;
use modelcrate_tests::example::TOKEN;
use modelcrate_tests::git::GitRepository;
use modelcrate_tests::hub::Access;
use modelcrate_tests::llama_cpp;
use modelcrate_tests::nemotron::Nemotron;
use modelcrate_tests::pypi::Environment;
use modelcrate_tests::website::Website;
use modelcrate_tests::{Build, Engine, Image, Output, Project, Run, unique};
use tempfile::TempDir;

/// Version and system of the images of NVIDIA's that the specs here name.
const VERSION: (&str, &str) = ("13.0.1", "ubuntu24.04");

/// The compiler, as the Python index has it: unpacked, these lie as a toolkit does.
const COMPILER: [&str; 5] = [
    "nvidia-cuda-nvcc==13.0.88",
    "nvidia-nvvm==13.0.88",
    "nvidia-cuda-crt==13.0.88",
    "nvidia-cuda-runtime==13.0.96",
    "nvidia-cuda-cccl==13.0.85",
];

/// What llama.cpp's CUDA backend is linked with.
const CUBLAS: &str = "nvidia-cublas==13.0.2.14";

/// Lists the code for GPUs in a program or library.
const CUOBJDUMP: &[&str] = &["nvidia-cuda-cuobjdump==13.4.92"];

/// In place of nvidia/cuda's devel image, where that cannot be pulled.
const DOCKERFILE: &str = r#"
FROM debian:bookworm-slim
ENV PATH=/usr/local/cuda/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY cu13 /usr/local/cuda
RUN cd /usr/local/cuda && ln -s lib lib64 && for library in lib/*.so.13; do ln -s "${library##*/}" "${library%.13}"; done && \
    chmod +x bin/* nvvm/bin/*
"#;

/// Half a gigabyte that nothing is linked with directly.
const IGNORED: &str = "cu13/lib/libcublasLt*\n";

const GPU: &str = r#"# syntax=modelcrate/frontend:1
name: gpu
base: debian:bookworm-slim
cuda: { version: "13.0.1", os: ubuntu24.04, image: none, archs: [90] }
cmake: { source: gpu, targets: [gpu] }
entrypoint: [gpu]
"#;

/// On NVIDIA's own base, as servers for GPUs are made.
const ON_CUDA: &str = r#"# syntax=modelcrate/frontend:1
name: gpu
cuda: { version: "13.0.1", os: ubuntu24.04, archs: [90] }
apt: [libgomp1]
cmake: { source: gpu, targets: [gpu] }
user: worker
ports: { http: 8091 }
healthcheck: { url: "http://localhost:8091/health" }
entrypoint: [gpu]
"#;

/// The backend as a library of its own, which may leave symbols open.
const GGML: &str = r#"# syntax=modelcrate/frontend:1
name: ggml
base: debian:bookworm-slim
cuda: { version: "13.0.1", os: ubuntu24.04, image: none, archs: [90] }
cmake:
  source: llama.cpp
  build_type: Quick
  options:
    GGML_CUDA: on
    GGML_CUDA_FA: off
    GGML_CUDA_NO_VMM: on
    GGML_NATIVE: off
    LLAMA_CURL: off
    LLAMA_OPENSSL: off
    LLAMA_BUILD_TESTS: off
    LLAMA_BUILD_EXAMPLES: off
    LLAMA_USE_PREBUILT_UI: off
    BUILD_SHARED_LIBS: on
  targets: [ggml-cuda]
entrypoint: [ls, -R, /usr/local/lib]
"#;

#[test]
#[ignore = "downloads a compiler: ./dev nightly"]
fn nightly_nvcc_compiles_for_the_architectures_of_the_spec() {
    let engine = Engine::main();
    let image = in_place_of_nvidias(&engine, VERSION, &COMPILER, |options| {
        Build {
            options,
            ..Build::of(&program(GPU))
        }
        .load(&engine)
        .0
    });
    assert_compiled(&image);
}

#[test]
#[ignore = "downloads a compiler: ./dev nightly"]
fn nightly_the_dockerfile_on_nvidias_base_gives_the_same_image() {
    let pair = in_place_of_nvidias(&Engine::main(), VERSION, &COMPILER, |options| {
        Pair::of(&Build {
            options,
            ..Build::of(&program(ON_CUDA))
        })
    });
    pair.check();
    assert_compiled(&pair.spec);
}

/// What a program of one file stands for: NVIDIA's compiler works on llama.cpp for hours. Its image has the newer toolkit.
#[test]
#[ignore = "downloads a compiler: ./dev nightly"]
fn nightly_the_dockerfile_of_nemotron_for_gpus_gives_the_same_image() {
    let engine = Engine::main();
    let project = Project::example("nemotron");
    let made_from = Nemotron::serve(&engine, &project, Access::gated(&[TOKEN]));
    let folder = TempDir::new().expect("a folder");
    let sources = GitRepository::new(&folder.path().join("sources"));
    let gpu = Project::fixture("gpu");
    let cmake = gpu
        .read("CMakeLists.txt")
        .replace("(gpu main.cu)", "(llama-server main.cu)");
    sources.commit(&[("CMakeLists.txt", &cmake), ("main.cu", &gpu.read("main.cu"))]);
    sources.publish(folder.path(), "llama.cpp");
    let site = Website::start(folder.path());
    let mut args = made_from.args();
    args.push(format!("LLAMA_CPP={}", site.url("llama.cpp.git")));
    let pair = in_place_of_nvidias(&engine, ("12.8.1", "ubuntu22.04"), &COMPILER, |contexts| {
        let secret = ["--secret", "id=hf_token,env=HF_TOKEN"];
        Pair::of(&Build {
            target: Some("gpu"),
            args: &args,
            options: &[contexts, &secret].concat(),
            env: &[("HF_TOKEN", TOKEN)],
            ..Build::of(&project)
        })
    });
    pair.check();
    let said = pair.spec.run(&Run::default()).ok().stdout;
    assert!(said.starts_with("compiled for 800,860,890,900\n"), "{said}");
}

/// A program in CUDA, and a spec of it.
fn program(spec: &str) -> Project {
    let project = Project::with(&[("modelcrate.yaml", spec)]);
    let gpu = Project::fixture("gpu");
    for file in ["CMakeLists.txt", "main.cu"] {
        project.write(&format!("gpu/{file}"), &gpu.read(file));
    }
    project
}

#[track_caller]
fn assert_compiled(image: &Image) {
    let said = image.run(&Run::default()).ok().stdout;
    assert!(said.starts_with("compiled for 900\n"), "{said}");
}

/// Sources that hold instances of templates and nothing else: a compiler spends most of its time on them.
const INSTANCES: [&str; 4] = ["fattn-mma", "fattn-tile", "mmq", "mmf"];

#[test]
#[ignore = "compiles for many minutes: ./dev nightly"]
fn nightly_the_cuda_backend_of_llama_cpp_is_compiled_for_one_architecture() {
    let engine = Engine::main();
    let project = Project::with(&[("modelcrate.yaml", GGML)]);
    let folder = TempDir::new().expect("a folder");
    let sources = llama_cpp::sources(folder.path());
    leave_out_instances(&sources.join("ggml/src/ggml-cuda/template-instances"));
    std::fs::rename(sources, project.file("llama.cpp")).expect("a folder beside");
    let toolkit = [&COMPILER[..], &[CUBLAS]].concat();
    let image = in_place_of_nvidias(&engine, VERSION, &toolkit, |options| {
        Build {
            options,
            ..Build::of(&project)
        }
        .load(&engine)
        .0
    });
    let tools = Environment::of_files(CUOBJDUMP).package("nvidia");
    for (list, kind) in [("--list-elf", "cubin"), ("--list-ptx", "ptx")] {
        let listed = code(&image, &tools, list);
        let ending = format!(".sm_90.{kind}");
        let (own, others): (Vec<&str>, Vec<&str>) = listed.lines().partition(|line| line.ends_with(&ending));
        assert_eq!(
            others,
            Vec::<&str>::new(),
            "for the architecture of the spec alone"
        );
        assert!(own.len() > 50, "a file of sources each: {listed}");
    }
}

fn leave_out_instances(folder: &Path) {
    for entry in folder.read_dir().expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().display().to_string();
        if INSTANCES.iter().any(|start| name.starts_with(start)) {
            std::fs::remove_file(entry.path()).expect("a file");
        }
    }
}

/// The code for GPUs in the backend, a line each: `ELF file  1: mmq.1.sm_90.cubin`.
fn code(image: &Image, tools: &Path, list: &str) -> String {
    let args = [list, "/usr/local/lib/libggml-cuda.so"].map(str::to_owned);
    let options = [format!("--volume={}:/nvidia:ro", tools.display())];
    let run = Run {
        entrypoint: Some("/nvidia/cu13/bin/cuobjdump"),
        args: &args,
        options: &options,
    };
    image.run(&run).ok().stdout
}

/// Builds with the options that give an image of this toolkit for NVIDIA's.
fn in_place_of_nvidias<T>(
    engine: &Engine,
    (version, os): (&str, &str),
    toolkit: &[&str],
    build: impl FnOnce(&[&str]) -> T,
) -> T {
    let compiler = compiler(engine, toolkit);
    let context = |flavour| format!("nvidia/cuda:{version}-{flavour}-{os}=docker-image://{compiler}");
    let (devel, runtime) = (context("devel"), context("runtime"));
    build(&["--build-context", &devel, "--build-context", &runtime])
}

/// Builds the compiler's image and pushes it: its name.
fn compiler(engine: &Engine, packages: &[&str]) -> String {
    let folder = Environment::of_files(packages).package("nvidia");
    let recipe = Project::with(&[("Dockerfile", DOCKERFILE), ("Dockerfile.dockerignore", IGNORED)]);
    let name = format!("{}/modelcrate-test/{}", engine.registry(), unique("nvcc"));
    let mut build = engine.docker(&["buildx", "build", "--quiet", "--push", "--tag", &name, "--file"]);
    Output::of(build.arg(recipe.file("Dockerfile")).arg(folder)).ok();
    name
}
