//! The examples of the repository: each is built with plain `docker buildx build`, run, and is what its `expect.toml`
//! says.

use modelcrate_tests::hub::Hub;
use modelcrate_tests::{Build, Context, Engine, Expected, Project, PythonServer};

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
    check("model-cache", "default");
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

fn check(example: &str, target: &str) {
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
    let (image, built) = Build {
        target,
        args: &args,
        options: &["--file", &file],
        ..Build::of(context)
    }
    .load(&engine);
    expected.check_warnings(&built.warnings);

    expected.check(&image, &project);
    assert!(
        image.layers().len() < 100,
        "an image has room for about a hundred layers"
    );
}
