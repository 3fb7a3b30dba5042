//! Specs and locks, and what they say against each other.

use super::super::{Facts, LockFacts};
use super::settle;
use crate::check::Checked;
use crate::check::drawn::{self, Build};
use crate::diagnostic::{Diagnostic, Severity};
use crate::python::{Lock, PythonVersion};

fn checked(spec: &str, arch: &str) -> Checked {
    let build = Build {
        arch,
        ..Build::default()
    };
    drawn::checked(spec, &build)
}

/// A lock of `name version` pairs, each a wheel of 100 MB.
fn facts(packages: &[&str], architecture: &str) -> Facts {
    let entry = |package: &&str| {
        let (name, version) = package.split_once(' ').unwrap();
        format!(
            "[[packages]]\nname = '{name}'\nversion = '{version}'\nwheels = [{{ url = 'https://files.test/{name}-{version}-py3-none-any.whl', size = 100000000 }}]\n"
        )
    };
    let text: String = packages.iter().map(entry).collect();
    Facts {
        target: ("linux".into(), architecture.into(), String::new()),
        python_version: PythonVersion::parse("3.11"),
        lock: Some(LockFacts {
            lock: Lock::parse(&text).unwrap(),
            files: Vec::new(),
        }),
        ..Facts::default()
    }
}

/// What is found: severity, place, message and hints.
fn found(spec: &str, facts: &Facts) -> Vec<String> {
    let spec = format!("{spec}\npython: \"3.11\"\n");
    let line = |finding: &Diagnostic| {
        let kind = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        format!(
            "{kind}[{}] at {}: {} ({})",
            finding.code,
            &spec[finding.span.start..finding.span.end],
            finding.message,
            finding.hints.join("; ")
        )
    };
    let (_, found) = settle(&checked(&spec, &facts.target.1), facts);
    found.iter().map(line).collect()
}

/// The images and compute capabilities of a spec that nothing speaks against.
#[track_caller]
fn stands_on(spec: &str, packages: &[&str]) -> String {
    let spec = format!("{spec}\npython: \"3.11\"\n");
    let (checked, found) = settle(&checked(&spec, "amd64"), &facts(packages, "amd64"));
    assert!(
        found.iter().all(|finding| finding.severity == Severity::Warning),
        "{found:?}"
    );
    let archs = checked.cuda.unwrap().archs;
    let archs: Vec<String> = archs.iter().map(|arch| arch.value.to_string()).collect();
    format!(
        "{} | {} | {}",
        checked.base.image.unwrap().value,
        checked.base.build.unwrap().value,
        archs.join(" ")
    )
}

const TORCH: &[&str] = &["nvidia-cuda-runtime-cu12 12.8.90", "torch 2.9.0+cu128"];

#[test]
fn auto_takes_the_toolkit_that_the_runtime_came_with() {
    assert_eq!(
        stands_on("cuda: auto", TORCH),
        "nvidia/cuda:12.8.1-runtime-ubuntu22.04 | nvidia/cuda:12.8.1-devel-ubuntu22.04 | 70 75 80 86 90 100 120"
    );
}

#[test]
fn auto_without_an_image_ships_the_system_alone() {
    assert_eq!(
        stands_on(
            "cuda: { version: auto, image: none, os: ubuntu24.04, archs: 90a }",
            TORCH
        ),
        "ubuntu:24.04 | nvidia/cuda:12.8.1-devel-ubuntu24.04 | 90a"
    );
}

#[test]
fn auto_takes_the_newest_update_where_the_lock_says_no_more() {
    let on = |packages: &[&str]| stands_on("cuda: { version: auto, image: none }", packages);
    assert!(on(&["torch 2.6.0+cu124"]).contains("nvidia/cuda:12.4.1-devel"));
    assert!(on(&["cupy-cuda12x 13.6.0"]).contains("nvidia/cuda:12.9.2-devel"));
    assert!(on(&["cuda-toolkit 13.0.2", "nvidia-cublas 13.1.0.3"]).contains("nvidia/cuda:13.0.2-devel"));
}

#[test]
fn compute_capabilities_are_those_of_pytorch_that_the_toolkit_knows() {
    let archs = |spec| stands_on(spec, &["torch 2.6.0+cu124"]);
    assert!(archs("cuda: 12.4.1").ends_with("| 50 60 70 75 80 86 90"));
    assert!(stands_on("cuda: 12.8.1", &["idna 3.10"]).ends_with("| "));
}

#[test]
fn auto_needs_a_package_of_cuda() {
    assert_eq!(
        found("cuda: auto", &facts(&["idna 3.10"], "amd64")),
        [
            "error[conflict] at auto: `auto` takes the version that the lock is made for, and none of its packages is made for CUDA \
             (lock packages for CUDA (extras and groups of `python` count), or write the version, such as `12.8.1`; \
             or write `cuda: none` for an image without CUDA)"
        ]
    );
    let found = found("cuda: auto", &facts(&["torch 2.9.0+cpu"], "amd64"));
    assert!(
        found[0].contains("and `torch 2.9.0+cpu` is made for none"),
        "{found:?}"
    );
}

#[test]
fn auto_does_not_choose_between_two() {
    let packages = ["cupy-cuda13x 13.6.0", "nvidia-cuda-runtime-cu12 12.8.90"];
    assert_eq!(
        found("cuda: auto", &facts(&packages, "amd64")),
        [
            "error[conflict] at auto: the lock has no CUDA of its own: `cupy-cuda13x 13.6.0` is made for CUDA 13, \
             `nvidia-cuda-runtime-cu12 12.8.90` for CUDA 12.8 \
             (lock packages of one CUDA, or write the version of the image, such as `12.8.1`)"
        ]
    );
    let minors = ["nvidia-cuda-runtime-cu12 12.6.77", "torch 2.9.0+cu128"];
    let found = found("cuda: auto", &facts(&minors, "amd64"));
    assert!(
        found[0].contains("for CUDA 12.6, `torch 2.9.0+cu128` for CUDA 12.8"),
        "{found:?}"
    );
}

#[test]
fn what_auto_chose_is_held_against_the_spec() {
    let spec = "cuda: { version: auto, image: base, os: ubuntu20.04, archs: 120 }";
    let found = found(spec, &facts(&["nvidia-cuda-runtime-cu12 12.4.127"], "amd64"));
    assert_eq!(
        found[0],
        "error[invalid-arch] at 120: CUDA 12.4.1 does not compile for `120` (it needs CUDA 12.8 or later)"
    );
    let spec = "cuda: { version: auto, image: base, os: ubuntu20.04 }";
    let found = self::found(spec, &facts(&["nvidia-cuda-runtime 13.0.96"], "amd64"));
    assert!(
        found[0].starts_with("error[invalid-version] at ubuntu20.04"),
        "{found:?}"
    );
}

#[test]
fn packages_of_a_newer_major_release_are_refused() {
    assert_eq!(
        found("cuda: 12.8.1", &facts(&["torch 2.9.0+cu130"], "amd64")),
        [
            "error[cuda-conflict] at 12.8.1: the lock's `torch 2.9.0+cu130` is made for CUDA 13.0, and the image has CUDA 12.8.1 \
             (write `13.0.3`, or `auto` to follow the lock; or lock packages for CUDA 12)"
        ]
    );
    assert_eq!(
        found("cuda: 12.4.1", &facts(&["torch 2.9.0+cu128"], "amd64")),
        [""; 0]
    );
}

#[test]
fn what_is_compiled_against_another_cuda_is_warned_of() {
    let mut facts = facts(TORCH, "amd64");
    let built = "[[packages]]\nname='flash-attn'\nversion='2.8.3'\nsdist={ url='https://files.test/flash-attn-2.8.3.tar.gz' }\n[[packages]]\nname='torch'\nversion='2.9.0+cu128'\n";
    facts.lock = Some(LockFacts {
        lock: Lock::parse(built).unwrap(),
        files: Vec::new(),
    });
    assert_eq!(
        found("cuda: 12.4.1", &facts),
        [
            "warning[cuda-mismatch] at 12.4.1: `flash-attn 2.8.3` is compiled with CUDA 12.4.1 against `torch 2.9.0+cu128`, \
             which is made for CUDA 12.8 (write `12.8.1`, or `auto` to follow the lock)"
        ]
    );
    assert_eq!(
        found("cuda: { version: 12.4.1, build: runtime }", &facts),
        [""; 0]
    );
    let skipped = "check: { skip: [cuda-mismatch] }\ncuda: 12.4.1";
    assert_eq!(found(skipped, &facts), [""; 0]);
}

#[test]
fn gpus_that_pytorch_has_no_code_for_are_told() {
    let facts = facts(&["torch 2.6.0+cu124"], "amd64");
    assert_eq!(
        found("cuda: { version: 12.8.1, archs: [120] }", &facts),
        [
            "error[unsupported-gpu] at 120: the lock's `torch 2.6.0+cu124` has no code for GPUs of compute capability `120` \
             (lock a PyTorch that has, such as one of the index `https://download.pytorch.org/whl/cu128`; or leave them out of `archs`)"
        ]
    );
    let some = found("cuda: { version: 12.8.1, archs: [89, 120] }", &facts);
    assert!(some[0].starts_with("warning[unsupported-gpu] at 120"), "{some:?}");
    assert_eq!(
        found("cuda: { version: 12.8.1, archs: [89, 90a] }", &facts),
        [""; 0]
    );
}

const LIBRARIES: &[&str] = &[
    "nvidia-cublas-cu12 12.8.4.1",
    "nvidia-cudnn-cu12 9.10.2.21",
    "nvidia-nvtx-cu12 12.8.90",
];

#[test]
fn cuda_in_the_base_and_in_the_packages_is_warned_of() {
    assert_eq!(
        found("cuda: 12.8.1", &facts(LIBRARIES, "amd64")),
        [
            "warning[cuda-twice] at 12.8.1: the image carries CUDA twice: in its base `nvidia/cuda:12.8.1-runtime-ubuntu22.04`, and in \
             2 packages of the lock (200.0 MB compressed, the largest `nvidia-nvtx-cu12` with 100.0 MB) \
             (write `cuda: { image: none, … }` to ship the packages' libraries alone, on a base without CUDA; \
             or `image: base` when something besides Python needs the CUDA runtime)"
        ]
    );
    let by_hand = found(
        "base: nvidia/cuda:12.8.1-devel-ubuntu22.04",
        &facts(LIBRARIES, "amd64"),
    );
    assert!(
        by_hand[0].starts_with("warning[cuda-twice] at nvidia/cuda"),
        "{by_hand:?}"
    );
}

#[test]
fn cuda_once_is_fine() {
    let facts = facts(LIBRARIES, "amd64");
    for spec in [
        "cuda: { version: 12.8.1, image: none }",
        "cuda: { version: 12.8.1, image: base }",
        "check: { skip: [cuda-twice] }\ncuda: 12.8.1",
        "check: { skip: [nvidia-without-cuda] }\ncuda: none",
    ] {
        assert_eq!(found(spec, &facts), [""; 0], "{spec}");
    }
    assert_eq!(
        found(
            "cuda: 12.8.1",
            &self::facts(&["idna 3.10", "nvidia-cudnn-cu12 9"], "amd64")
        ),
        [""; 0]
    );
}

#[test]
fn nvidias_libraries_in_an_image_without_cuda_are_warned_of() {
    let found = found("cuda: none", &facts(LIBRARIES, "amd64"));
    let [found] = found.as_slice() else {
        panic!("one finding: {found:?}");
    };
    assert!(
        found.starts_with(
            "warning[nvidia-without-cuda] at python: \"3.11\": the lock brings 3 of NVIDIA's packages (300.0 MB compressed)"
        ),
        "{found}"
    );
}
