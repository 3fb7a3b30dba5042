//! CUDA: which one an image gets, what it says of it, and what compilers are told.

use crate::python_support::*;
use modelcrate_tests::{Build, Engine, Project, PythonServer};

/// The runtime of CUDA 12.8.1 as a wheel.
const RUNTIME: &str = "nvidia-cuda-runtime-cu12==12.8.90";

/// The runtime of CUDA 13.0.0.
const NEWER: &str = "nvidia-cuda-runtime==13.0.48";

fn project(engine: &Engine, dependency: &str, spec: &str) -> Project {
    let project = package("gpu", &[dependency], "sys.prefix", "");
    project.write(
        "modelcrate.yaml",
        &format!(
            "# syntax=modelcrate/frontend:1\nname: gpu\nargs: {{ PYTHON_VERSION: '3.11' }}\npython: {{ version: \"${{PYTHON_VERSION}}\" }}\n{spec}"
        ),
    );
    lock(engine, &project);
    project
}

const COMPILES: &str = "run:\n  - command: mkdir /out && env | grep -E '^(CUDA|TORCH|NVCC)' | sort > /out/told\n    \
    stage: build\n    outputs: [/out/told]\n";

/// And the folders of a system that has no CUDA.
const TOLD: &str = "CUDAARCHS=80;90a\nCUDA_HOME=/usr/local/cuda\nCUDA_VERSION=12.8.1\n\
    NVCC_GENCODE=-gencode=arch=compute_80,code=[compute_80,sm_80] -gencode=arch=compute_90a,code=sm_90a\n\
    TORCH_CUDA_ARCH_LIST=8.0;9.0a\nbin\netc\ngames\ninclude\nlib\nman\nsbin\nshare\nsrc";

#[test]
#[ignore = "needs an engine: ./dev test"]
fn auto_follows_the_lock_and_ships_the_wheels_cuda_alone() {
    let engine = Engine::main();
    let spec = format!("cuda: {{ version: auto, image: none, archs: [80, 90a] }}\n{COMPILES}");
    let project = project(&engine, RUNTIME, &spec);
    let python = PythonServer::new(&engine);
    let (image, built) = Build {
        args: &python.args,
        ..Build::of(&project)
    }
    .load(&engine);
    assert_eq!(built.warnings, []);

    let config = image.config();
    let label = |name: &str| config["Labels"][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(label("org.opencontainers.image.base.name"), "ubuntu:22.04");
    assert_eq!(label("modelcrate.cuda.version"), "12.8.1");
    assert_eq!(label("modelcrate.cuda.min-driver"), "525.60.13");
    assert_eq!(label("modelcrate.cuda.archs"), "80;90a");
    let variable = |name| image.env(name).unwrap_or_default();
    assert_eq!(variable("NVIDIA_VISIBLE_DEVICES"), "all");
    assert_eq!(variable("NVIDIA_DRIVER_CAPABILITIES"), "compute,utility");
    assert_eq!(variable("NVIDIA_REQUIRE_CUDA"), "cuda>=12.0");
    assert_eq!(
        prints(&image, &[], &["sh", "-c", "cat /out/told; ls /usr/local"]),
        TOLD
    );
    // By its bare name: the loader finds what the wheel brought. It answers without a driver.
    let look = "import ctypes\nversion = ctypes.c_int()\n\
        ctypes.CDLL('libcudart.so.12').cudaRuntimeGetVersion(ctypes.byref(version))\nprint(version.value)";
    assert_eq!(prints(&image, &[], &["python", "-c", look]), "12080");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn auto_stands_on_the_image_of_the_locks_cuda_and_warns_of_two() {
    let engine = Engine::main();
    let project = project(&engine, RUNTIME, "cuda: auto\n");
    let python = PythonServer::new(&engine);
    let (image, built) = Build {
        args: &python.args,
        ..Build::of(&project)
    }
    .load(&engine);
    let [warning] = built.warnings.as_slice() else {
        panic!("{:?}", built.warnings)
    };
    let expected = "cuda-twice: the image carries CUDA twice: in its base `nvidia/cuda:12.8.1-runtime-ubuntu22.04`, and in the \
        package `nvidia-cuda-runtime-cu12` (";
    assert!(warning.short.starts_with(expected), "{warning:?}");
    assert!(warning.short.ends_with("(line 5)"), "{warning:?}");
    assert_eq!(image.env("NVIDIA_REQUIRE_CUDA").unwrap()[..10], *"cuda>=12.8");
    let labels = &image.config()["Labels"];
    assert_eq!(labels["modelcrate.cuda.min-driver"], "570.26");
    assert_eq!(
        labels["org.opencontainers.image.base.name"],
        "nvidia/cuda:12.8.1-runtime-ubuntu22.04"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn wheels_of_a_newer_cuda_are_refused_before_anything_is_installed() {
    let engine = Engine::main();
    let project = project(&engine, NEWER, "cuda: { version: 12.1.0, os: ubuntu22.04 }\n");
    let built = Build::of(&project).try_with(&engine, &[]);
    let seen = built.output.stderr.clone() + &built.log;
    for words in [
        "the lock's `nvidia-cuda-runtime 13.0.48` is made for CUDA 13.0, and the image has CUDA 12.1.0",
        "write `13.0.0`, or `auto` to follow the lock",
        "modelcrate.yaml:5",
    ] {
        assert!(seen.contains(words), "no `{words}` in:\n{seen}");
    }
    assert!(!built.ran().iter().any(|step| step.starts_with("install ")));
}
