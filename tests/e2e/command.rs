//! The command line: what docker says, with docker's exit codes.

use modelcrate_tests::command::{modelcrate, without_docker};
use modelcrate_tests::hub::Hub;
use modelcrate_tests::{Build, Engine, Output, Project, Run, unique};

/// A spec whose image is made without a step.
const SPEC: &str =
    "# syntax=modelcrate/frontend:1\nbase: debian:bookworm-slim\nuser: 1000\nentrypoint: [cat]\n";

#[test]
#[ignore = "needs an engine: ./dev test"]
fn verbs_are_dockers_own_questions_and_pass_its_exit_codes_on() {
    let engine = Engine::main();
    let project = Project::with(&[("modelcrate.yaml", SPEC)]);
    let said = |words: &[&str]| Output::of(modelcrate(&engine, project.path()).args(words));

    let dockerfile = said(&["dockerfile"]).ok().stdout;
    assert!(
        dockerfile.contains("\nFROM debian:bookworm-slim@sha256:"),
        "{dockerfile}"
    );
    let asked = engine
        .docker(&[
            "buildx",
            "build",
            "--call=dockerfile",
            "-f",
            "modelcrate.yaml",
            ".",
        ])
        .current_dir(project.path())
        .output()
        .expect("docker");
    assert_eq!(dockerfile, String::from_utf8_lossy(&asked.stdout));

    let image = unique("modelcrate-test/command");
    said(&["build", "--tag", &image, "--load", "--", "--quiet"]).ok();
    assert_eq!(
        engine.ask(&["image", "inspect", "--format", "{{.Config.User}}", &image]),
        "1000:1000"
    );
    engine.ask(&["image", "rm", &image]);

    project.edit("modelcrate.yaml", "base:", "bas:");
    let failed = said(&["llb"]);
    assert_eq!(failed.status.code(), Some(1), "{}", failed.stderr);
    assert!(failed.stderr.contains("modelcrate.yaml:2:1"), "{}", failed.stderr);
}

#[test]
fn what_is_missing_is_named_with_what_to_do() {
    let project = Project::empty();
    let said = |words: &[&str]| Output::of(without_docker(project.path()).args(words));
    let failed = said(&["build"]);
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(
        failed.stderr,
        "error: there is no `modelcrate.yaml`\n  hint: write one, or let `modelcrate init` write a first `modelcrate.yaml`\n"
    );
    project.write("modelcrate.yaml", SPEC);
    let failed = said(&["build"]);
    assert_eq!(failed.status.code(), Some(127));
    assert!(
        failed.stderr.contains("hint: install Docker with buildx"),
        "{}",
        failed.stderr
    );
    assert_eq!(said(&["biuld"]).status.code(), Some(2));
}

#[test]
fn errors_are_coloured_where_colours_are_wanted() {
    let project = Project::with(&[("modelcrate.yaml", "name: x\nbasee: debian\n")]);
    let said = |words: &[&str], variables: &[(&str, &str)]| {
        let mut command = without_docker(project.path());
        command.args(words).envs(variables.iter().copied());
        let failed = Output::of(&mut command);
        assert_ne!(failed.status.code(), Some(0));
        failed.stderr
    };
    for (words, red) in [
        (&["bake"][..], "error[unknown-key]"),
        (&["build", "-f", "nothing"], "error:"),
    ] {
        let plain = said(words, &[]);
        assert!(plain.starts_with("error"), "{plain}");
        for variables in [&[][..], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]] {
            assert!(!said(words, variables).contains('\u{1b}'), "{variables:?}");
        }
        let coloured = said(words, &[("CLICOLOR_FORCE", "1")]);
        assert!(coloured.starts_with("\u{1b}[1m\u{1b}["), "{coloured:?}");
        assert!(coloured.contains(red), "{coloured:?}");
    }
}

#[test]
fn shells_editors_and_manuals_are_told_of_every_verb() {
    let project = Project::empty();
    let said = |words: &[&str]| Output::of(without_docker(project.path()).args(words)).ok().stdout;
    for shell in ["bash", "zsh", "fish"] {
        assert!(said(&["completions", shell]).contains("dockerfile"), "{shell}");
    }
    said(&["man", "man1"]);
    assert!(project.read("man1/modelcrate-check.1").contains("\\-\\-json"));
    assert!(said(&["schema"]).starts_with("{\n"));
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_first_spec_builds_and_serves() {
    let engine = Engine::main();
    let project = Project::example("quickstart");
    std::fs::remove_file(project.file("modelcrate.yaml")).expect("the spec of the example");
    let said = |words: &[&str]| Output::of(modelcrate(&engine, project.path()).args(words));
    said(&["init"]).ok();
    let written = project.read("modelcrate.yaml");
    let again = said(&["init"]);
    assert_eq!(again.code(), Some(1));
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    assert_eq!(project.read("modelcrate.yaml"), written);

    let (image, _) = Build::of(&project).load(&engine);
    Run::default().start(&image).becomes_healthy();
}

/// What compiles and has no dependency, and what its program says.
const COMPILED: [(&[(&str, &str)], &str); 2] = [
    (
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
            ),
            (
                "Cargo.lock",
                "version = 3\n\n[[package]]\nname = \"hello\"\nversion = \"0.1.0\"\n",
            ),
            (
                "src/main.rs",
                "fn main() {\n    println!(\"compiled by cargo\");\n}\n",
            ),
        ],
        "compiled by cargo\n",
    ),
    (
        &[
            (
                "CMakeLists.txt",
                "cmake_minimum_required(VERSION 3.18)\nproject(hello CXX)\nadd_executable(hello main.cpp)\n",
            ),
            (
                "main.cpp",
                "#include <cstdio>\nint main() { std::puts(\"compiled by CMake\"); }\n",
            ),
        ],
        "compiled by CMake\n",
    ),
];

#[test]
#[ignore = "compiles: ./dev nightly"]
fn nightly_first_specs_of_what_is_compiled_build_and_run() {
    let engine = Engine::main();
    for (files, says) in COMPILED {
        let project = Project::with(files);
        let said = |words: &[&str]| Output::of(modelcrate(&engine, project.path()).args(words));
        said(&["init"]).ok();
        let (image, _) = Build::of(&project).load(&engine);
        let printed = engine.ask(&["run", "--rm", &image.name]);
        assert_eq!(printed.trim_end(), says.trim_end());
    }
}

/// The lock holds the commit of the model, a build obeys it, and `verify` holds the image against it.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_lock_is_written_beside_its_spec_and_an_image_is_held_against_it() {
    let engine = Engine::main();
    let weights = tempfile::tempdir().expect("a folder");
    std::fs::write(weights.path().join("config.json"), unique("config")).expect("a file");
    let name = unique("acme/locked");
    let hub = Hub::for_engine(&engine);
    hub.push(&name, weights.path());
    let endpoint = format!("HF_ENDPOINT={}", hub.url());
    let spec = format!(
        "# syntax=modelcrate/frontend:1\nname: locked\nbase: scratch\nuser: 1000\nmodels: {{ m: {{ hf: {name}, license: mit }} }}\n"
    );
    let project = Project::with(&[("app/modelcrate.yaml", &spec)]);
    let said = |words: &[&str]| Output::of(modelcrate(&engine, project.path()).args(words));
    let locked = |more: &[&str]| said(&[&["lock", "--build-arg", &endpoint], more, &["app"]].concat());

    let printed = locked(&["--print"]).ok().stdout;
    assert!(!project.file("app/modelcrate.lock").exists());
    assert_eq!(
        locked(&[]).ok().stderr.lines().last(),
        Some("wrote app/modelcrate.lock")
    );
    let lock = project.read("app/modelcrate.lock");
    assert_eq!(lock, printed);
    assert!(lock.contains(&name) && lock.contains("config.json"), "{lock}");

    // A spec with a mistake leaves it as it is.
    project.write("app/modelcrate.yaml", &spec.replace("base:", "bas:"));
    assert_eq!(locked(&[]).code(), Some(1));
    assert_eq!(project.read("app/modelcrate.lock"), lock);
    project.write("app/modelcrate.yaml", &spec);

    // What the name means now is not what was locked.
    std::fs::write(weights.path().join("config.json"), unique("config")).expect("a file");
    hub.push(&name, weights.path());
    let image = unique("modelcrate-test/locked");
    said(&[
        "build",
        "--load",
        "--tag",
        &image,
        "--build-arg",
        &endpoint,
        "app",
    ])
    .ok();
    let verify = || said(&["verify", "--lock", "app/modelcrate.lock", &image]);
    let good = verify().ok().stdout;
    assert!(good.ends_with("nothing is wrong\n"), "{good}");
    locked(&[]).ok();
    assert_ne!(project.read("app/modelcrate.lock"), lock);
    let older = verify();
    assert_eq!(older.code(), Some(3), "{}", older.stdout);
    assert!(older.stdout.contains("\nmodel: linux/"), "{}", older.stdout);
    engine.ask(&["image", "rm", &image]);
}
