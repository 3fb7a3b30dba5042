//! The examples of the repository: each is built with plain `docker buildx build`, run, and is what its `expect.toml`
//! says.

use modelcrate_tests::example::Example;
use modelcrate_tests::hub::Hub;
use modelcrate_tests::s3::S3;
use modelcrate_tests::{Engine, Expected, Image, Project, Run};

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_quickstart_is_what_it_promises() {
    check("quickstart", "default");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_runtime_of_the_safe_synthesizer_is_what_it_promises() {
    check("safe-synthesizer", "runtime");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_dev_target_of_the_safe_synthesizer_is_what_it_promises() {
    check("safe-synthesizer", "dev");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_test_target_of_the_safe_synthesizer_is_what_it_promises() {
    check("safe-synthesizer", "test");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_model_cache_is_what_it_promises() {
    let image = check("model-cache", "default");
    it_stores_a_model(&image);
}

/// In a container that may do nothing, on a read-only root: by way of a folder in memory, and without one.
fn it_stores_a_model(image: &Image) {
    let engine = Engine::main();
    let (hub, s3) = (Hub::for_engine(&engine), S3::for_engine(&engine));
    let model = Project::with(&[("config.json", "{}")]);
    std::fs::write(model.file("weights.dat"), vec![7; 12_000_000]).expect("a file");
    hub.push("org/model", model.path());
    s3.bucket("models");
    for (prefix, option) in [("by-disk/", "--tmpfs=/tmp"), ("without/", "--env=DOWNLOAD_DIR=")] {
        let mut options = ["--read-only", "--cap-drop=ALL", "--memory=256m", option]
            .map(str::to_owned)
            .to_vec();
        for (name, value) in [
            ("MODEL_NAME", "org/model"),
            ("HF_ENDPOINT", hub.url()),
            ("S3_BUCKET", "models"),
            ("S3_ENDPOINT_URL", s3.url()),
            ("S3_PREFIX", prefix),
            ("AWS_ACCESS_KEY_ID", S3::KEY),
            ("AWS_SECRET_ACCESS_KEY", S3::SECRET),
        ] {
            options.push(format!("--env={name}={value}"));
        }
        let output = image.run(&Run {
            options: &options,
            ..Run::default()
        });
        assert_eq!(output.code(), Some(0), "{}{}", output.stdout, output.stderr);
        let objects: Vec<(String, u64)> = s3.objects("models");
        let size = |path: &str| {
            let key = format!("{prefix}org/model/{path}");
            objects.iter().find(|(own, _)| *own == key).map(|(_, size)| *size)
        };
        assert_eq!(size("weights.dat"), Some(12_000_000));
        assert!(size(".complete.json").is_some(), "{objects:?}");
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn nemotron_hf_without_a_gpu_is_what_it_promises() {
    check("nemotron-hf", "cpu");
}

#[test]
#[ignore = "installs seven gigabytes: ./dev nightly"]
fn nightly_nemotron_hf_for_gpus_is_what_it_promises() {
    for target in ["default", "slim"] {
        without_a_gpu_it_does_not_start(&check("nemotron-hf", target));
    }
}

/// Where that is asked.
fn without_a_gpu_it_does_not_start(image: &Image) {
    let output = image.run(&Run {
        options: &["--env=PREFLIGHT=strict".to_owned()],
        ..Run::default()
    });
    assert_eq!(output.code(), Some(83), "{}", output.stderr);
    assert!(
        output.stderr.contains("no GPU is in this container"),
        "{}",
        output.stderr
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_unit_tests_of_nemotron_hf_pass_in_its_test_image() {
    check("nemotron-hf", "test");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_director_is_what_it_promises() {
    check("nsn-director", "default");
    check("nsn-director", "slim");
}

#[test]
#[ignore = "installs half a gigabyte: ./dev nightly"]
fn nightly_the_tabular_server_is_what_it_promises() {
    check("tabular", "default");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn every_target_that_is_described_has_a_test() {
    let described = |example: &str| {
        Expected::of(&Project::example(example))
            .into_keys()
            .collect::<Vec<_>>()
    };
    assert_eq!(described("model-cache"), ["default"]);
    assert_eq!(described("quickstart"), ["default"]);
    assert_eq!(described("nemotron-hf"), ["cpu", "default", "slim", "test"]);
    assert_eq!(described("nsn-director"), ["default", "slim"]);
    assert_eq!(described("safe-synthesizer"), ["dev", "runtime", "test"]);
    assert_eq!(described("tabular"), ["default"]);
}

fn check(example: &str, target: &str) -> Image {
    let engine = Engine::main();
    let project = Project::example(example);
    let expected = Expected::of(&project)
        .remove(target)
        .expect("the target is described");
    let example = Example::open(&engine, example, expected.context);
    let (image, built) = example.with_build(&engine, target, |build| build.load(&engine));
    expected.check_warnings(&built.warnings);

    expected.check(&image, &example.project);
    assert!(
        image.layers().len() < 100,
        "an image has room for about a hundred layers"
    );
    image
}
