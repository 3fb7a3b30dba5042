//! The examples of the repository: each is built with plain `docker buildx build`, run, and is what its `expect.toml`
//! says.

use modelcrate_tests::hub::{Access, Hub};
use modelcrate_tests::s3::S3;
use modelcrate_tests::{Build, Context, Engine, Expected, Image, Project, PythonServer, Run};

/// The token of somebody who accepted all licences.
const TOKEN: &str = "hf_ofWhoBuildsTheExamples";
/// The repository that is behind a gate.
const GATED: &str = "black-forest-labs/FLUX.1-schnell";

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
#[ignore = "needs an engine: ./dev test"]
fn every_target_that_is_described_has_a_test() {
    let described = |example: &str| {
        Expected::of(&Project::example(example))
            .into_keys()
            .collect::<Vec<_>>()
    };
    assert_eq!(described("model-cache"), ["default"]);
    assert_eq!(described("quickstart"), ["default"]);
    assert_eq!(described("nemotron-hf"), ["cpu", "test"]);
    assert_eq!(described("nsn-director"), ["default", "slim"]);
    assert_eq!(described("safe-synthesizer"), ["dev", "runtime", "test"]);
}

fn check(example: &str, target: &str) -> Image {
    let engine = Engine::main();
    let project = Project::example(example);
    let expected = Expected::of(&project)
        .remove(target)
        .expect("the target is described");
    let python = PythonServer::new(&engine);
    let repository;
    let (context, file) = match expected.context {
        Context::Example => (&project, "modelcrate.yaml".to_owned()),
        Context::Repository => {
            repository = Project::repository();
            (&repository, format!("examples/{example}/modelcrate.yaml"))
        }
    };
    let file = context.file(&file).display().to_string();
    let hub = Hub::of_example(&engine, &project);
    if let (Some(hub), "nsn-director") = (&hub, example) {
        hub.restrict(GATED, Access::gated(&[TOKEN]));
    }
    let endpoint = hub.iter().map(|hub| format!("HF_ENDPOINT={}", hub.url()));
    let own: &[&str] = match example {
        // What is compiled well is compiled for minutes.
        "model-cache" | "nsn-director" => &["PROFILE=trial", "LTO=false"],
        _ => &[],
    };
    let python = match example {
        "model-cache" | "quickstart" | "nemotron-hf" => &[],
        _ => python.args.as_slice(),
    };
    let own = own.iter().map(|&arg| arg.to_owned());
    let args: Vec<String> = own.chain(python.iter().cloned()).chain(endpoint).collect();
    let target = (target != "default").then_some(target);
    let build = Build {
        target,
        args: &args,
        options: &["--file", &file, "--secret", "id=hf_token,env=HF_TOKEN"],
        env: &[("HF_TOKEN", TOKEN)],
        ..Build::of(context)
    };
    if hub.is_some() {
        // Without it each model of a branch is a warning.
        let lock = build.with(&engine, &["--call", "lock"]).output.stdout;
        context.write("modelcrate.lock", &lock);
    }
    let (image, built) = build.load(&engine);
    expected.check_warnings(&built.warnings);

    expected.check(&image, &project);
    assert!(
        image.layers().len() < 100,
        "an image has room for about a hundred layers"
    );
    image
}
