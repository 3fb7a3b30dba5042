//! What the launcher says of GPUs, in real containers that are shown the files of a driver.

use modelcrate_tests::gpu::Gpus;
use modelcrate_tests::{Build, Engine, Image, Output, Project};
use serde_json::{Value, json};

const SPEC: &str = "\
# syntax=modelcrate/frontend:1
cuda: { version: 12.8.1, archs: [80, 86] }
user: app
models: { large: { hf: org/large, deliver: volume } }
entrypoint: [echo, started]
preflight: { models: false }
";

/// A model of 48 GiB. Nobody asks for what the lock knows.
const LOCK: &str = r#"version = 1

[[model]]
name = "large"
source = "hf:org/large"
asked = "main"
revision = "4ec1be7a2c3d5e6f708192a3b4c5d6e7f8091a2b"

[[model.file]]
path = "model.safetensors"
size = 51539607552
sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
"#;

const DRIVER: &str = "570.86.15";
/// By the driver's name for it, and its number on the bus.
const A100: (&str, u16) = ("NVIDIA A100-SXM4-40GB", 0x20b0);
const H200: (&str, u16) = ("NVIDIA H200", 0x2335);

fn host(gpus: &[(&str, u16)]) -> Gpus {
    let mut host = Gpus::with_driver(DRIVER);
    for (model, chip) in gpus {
        host.add(model, *chip);
    }
    host
}

fn run(image: &Image, gpus: &Gpus, env: &[&str]) -> Output {
    let options: Vec<String> = env.iter().map(|pair| format!("--env={pair}")).collect();
    gpus.run(image, &options, &[])
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_gpu_that_will_not_do_is_named() {
    let engine = Engine::main();
    let project = Project::with(&[("modelcrate.yaml", SPEC), ("modelcrate.lock", LOCK)]);
    let (image, _) = Build::of(&project).load(&engine);
    says_nothing_of_gpus_that_do(&image);
    says_that_no_gpu_is_there(&image);
    says_that_the_driver_is_too_old(&image);
    says_that_there_is_no_code(&image);
    says_that_memory_is_too_small(&image);
}

fn says_nothing_of_gpus_that_do(image: &Image) {
    let output = run(image, &host(&[A100, A100]), &["PREFLIGHT=strict"]).ok();
    assert_eq!((&*output.stdout, &*output.stderr), ("started\n", ""));
}

/// It is not started, and this is all that it says.
#[track_caller]
fn stops(image: &Image, gpus: &Gpus, env: &[&str], code: i32, finding: &str) {
    let output = run(image, gpus, &[env, &["PREFLIGHT=strict"]].concat());
    let expected = format!("{finding}\npreflight: not started, exit code {code}: PREFLIGHT is `strict`\n");
    assert_eq!(output.stderr, expected);
    assert_eq!((output.code(), &*output.stdout), (Some(code), ""));
}

fn says_that_no_gpu_is_there(image: &Image) {
    let why = "CUDA finds no device, and the program fails or runs on the CPU";
    let none = host(&[]);
    let finding = format!(
        "preflight[gpu]: no GPU is in this container, though the host has one (driver {DRIVER}): {why}; add `--gpus all`"
    );
    stops(image, &none, &[], 83, &finding);
    let finding = format!(
        "preflight[gpu]: NVIDIA_VISIBLE_DEVICES hides the GPUs: {why}; add `--gpus all -e NVIDIA_VISIBLE_DEVICES=all`"
    );
    stops(image, &none, &["NVIDIA_VISIBLE_DEVICES=void"], 83, &finding);
}

fn says_that_the_driver_is_too_old(image: &Image) {
    let mut gpus = host(&[A100, A100]);
    gpus.update("470.57.02");
    let finding = "preflight[gpu]: the driver is 470.57.02, CUDA 12.8.1 needs 525.60.13 or later: CUDA cannot start (`CUDA driver \
                   version is insufficient`); update the host's driver to 525.60.13 or later, or run it on another host";
    stops(image, &gpus, &[], 83, finding);
    // What the linker would pass over is not taken for the driver.
    std::fs::write(gpus.library(), "not a library").expect("a file");
    let finding = "preflight[gpu]: the GPU's device is here, the driver's library `libcuda.so.1` is not: CUDA cannot start; \
                   add `--gpus all` in place of `--device`: it brings the driver's libraries along";
    stops(image, &gpus, &[], 83, finding);
}

fn says_that_there_is_no_code(image: &Image) {
    let finding = "preflight[gpu]: NVIDIA H200 has compute capability 9.0, the image is compiled for 80, 86: there is no code for it \
                   (`no kernel image is available`), or it is compiled anew at the first use; build the image with \
                   `cuda: { archs: [90] }` too";
    stops(image, &host(&[A100, H200]), &[], 83, finding);
}

fn says_that_memory_is_too_small(image: &Image) {
    let small = host(&[A100]);
    let what = "model `large` has 48 GiB of weights, the GPUs in this container have 40 GiB of memory (NVIDIA A100-SXM4-40GB)";
    let why = "it is out of memory when the model is loaded, or moves a part of it to the CPU, which is slow";
    let fix = "add more GPUs by `--gpus`, or run it where GPUs have more than 48 GiB in all";
    let finding = format!("preflight[gpu_memory]: {what}: {why}; {fix}");
    stops(image, &small, &[], 88, &finding);

    let warned = run(image, &small, &[]).ok();
    assert_eq!(
        (warned.stdout, warned.stderr),
        ("started\n".into(), finding + "\n")
    );
    let off = run(image, &small, &["PREFLIGHT=off"]).ok();
    assert_eq!((&*off.stdout, &*off.stderr), ("started\n", ""));

    let told = run(image, &small, &["PREFLIGHT=strict", "PREFLIGHT_FORMAT=json"]);
    assert_eq!((told.code(), &*told.stdout), (Some(88), ""));
    let object: Value = serde_json::from_str(&told.stderr).expect("one object, and nothing else");
    let expected =
        json!({ "preflight": "gpu_memory", "what": what, "why": why, "fix": fix, "exit_code": 88 });
    assert_eq!(object, expected);

    let pod = run(image, &small, &["KUBERNETES_SERVICE_HOST=10.0.0.1"]).ok();
    assert!(
        pod.stderr
            .contains("; raise `nvidia.com/gpu` in `resources.limits`, "),
        "{}",
        pod.stderr
    );
}
