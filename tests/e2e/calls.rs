//! What is answered besides an image, as `docker buildx build --call` and `--check` show it.

use modelcrate_tests::buildx::{Buildx, Outcome};
use modelcrate_tests::{Engine, Project};
use serde_json::Value;

const SPEC: &str = "\
description: A server of words
base: debian:bookworm-slim
args:
  # what it says
  WORD: hello
env: { WORD: \"${WORD}\" }
secrets: [token]
run:
  - { command: \"cat words >/words\", stage: build, inputs: [words], outputs: [/words], secrets: [token], cache: [/root/.cache] }
entrypoint: [cat, /words]
targets:
  dev: { apt: [git] }
";

fn ask(call: &str) -> Outcome {
    ask_of(SPEC, call)
}

fn ask_of(spec: &str, call: &str) -> Outcome {
    Buildx::spec(spec)
        .file("words", "hello\n")
        .flags(&["--call", call])
        .run()
}

#[track_caller]
fn prints(outcome: &Outcome, words: &[&str]) {
    assert_eq!(outcome.code, Some(0), "{}", outcome.seen);
    for words in words {
        assert!(
            outcome.printed.contains(words),
            "no `{words}` in:\n{}",
            outcome.printed
        );
    }
}

fn json(outcome: &Outcome) -> Value {
    assert_eq!(outcome.code, Some(0), "{}", outcome.seen);
    serde_json::from_str(&outcome.printed).unwrap_or_else(|error| panic!("{error}:\n{}", outcome.printed))
}

/// The client writes these itself, from what the frontend answers.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn outlines_and_targets_are_those_of_dockerfiles() {
    let head = ["TARGET:", "DESCRIPTION:", "A server of words"];
    prints(&ask("outline"), &head);
    prints(
        &ask("outline"),
        &["WORD", "hello", "what it says", "SECRET", "token"],
    );
    prints(&ask("targets"), &["TARGET", "dev"]);
    let targets = json(&ask("targets,format=json"));
    assert_eq!(targets["targets"][1]["name"], "dev");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn our_own_calls_print_text_and_json() {
    prints(
        &ask("plan"),
        &["layers", "cat words >/words", "when words changes", "(token)"],
    );
    prints(&ask("plan.mermaid"), &["flowchart LR", "[/\"words\"/]"]);
    prints(&ask("llb"), &["debian:bookworm-slim", "cat words >/words"]);
    let graph = json(&ask("llb,format=json"));
    assert_eq!(graph[0]["vertices"][0]["name"], "v1");
    prints(
        &ask("bake"),
        &["dockerfile = \"modelcrate.yaml\"", "target \"dev\""],
    );
    prints(&ask("compose"), &["services:", "dockerfile: modelcrate.yaml"]);
    prints(&ask("k8s"), &["kind: Job"]);
    prints(&ask("ci.github"), &["runs-on:", "docker buildx build"]);
    prints(&ask("ci.gitlab"), &["stage:", "docker buildx build"]);
    prints(&ask("sizes"), &["DOWNLOAD", "from debian:bookworm-slim"]);
    let plan = json(&ask("plan,format=json"));
    assert_eq!(plan[0]["changes"][0]["path"], "words");
    assert_eq!(json(&ask("schema,format=json"))["title"], "modelcrate spec");
    let known = json(&ask("subrequests.describe,format=json"));
    for call in known.as_array().expect("calls") {
        let name = call["name"].as_str().expect("a name");
        assert!(name.starts_with("frontend."), "{name}");
    }
}

/// A program that asks goes by the exit code.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn checks_exit_as_they_find() {
    let clean = Buildx::spec(SPEC).flags(&["--check"]).run();
    assert_eq!(clean.code, Some(0), "{}", clean.seen);

    let unused = format!("{SPEC}user: root\n");
    let found = ask_of(&unused, "check");
    assert_eq!(found.code, Some(1), "{}", found.seen);
    for words in [
        "root-user",
        "docs/rules/root-user.md",
        "modelcrate.yaml:14",
        "user: root",
    ] {
        assert!(
            found.printed.contains(words),
            "no `{words}` in:\n{}",
            found.printed
        );
    }
    let skipped = ask_of(&format!("{unused}check: {{ skip: [root-user] }}\n"), "check");
    assert_eq!(skipped.code, Some(0), "{}", skipped.printed);

    let wrong = ask_of(&format!("{SPEC}porst: []\n"), "lint,format=json");
    assert_eq!(wrong.code, Some(1), "{}", wrong.seen);
    let wrong: Value = serde_json::from_str(&wrong.printed).expect("JSON");
    assert_eq!(wrong["buildError"]["message"], "unknown key `porst`");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_unknown_call_names_the_known_ones() {
    let refused = ask("nope");
    assert_eq!(refused.code, Some(1));
    for known in [
        "`plan`",
        "`sizes`",
        "`dockerfile`",
        "`lint`",
        "`bake`",
        "`ci.github`",
    ] {
        assert!(refused.seen.contains(known), "no {known} in:\n{}", refused.seen);
    }
}

/// Its lock is exported by the engine before there is a plan.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_plan_of_the_quickstart_knows_what_an_edit_runs_again() {
    let project = Project::example("quickstart");
    let engine = Engine::main();
    let asked = |call: &str| {
        let spec = project.path().join("modelcrate.yaml");
        let mut docker = engine.docker(&["buildx", "build", "--call", call, "--file"]);
        let output = docker.arg(spec).arg(project.path()).output().expect("a client");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
    };
    let plan = asked("plan,format=json");
    let steps: Vec<&Value> = plan[0]["stages"]
        .as_array()
        .expect("stages")
        .iter()
        .flat_map(|stage| stage["steps"].as_array().expect("steps"))
        .collect();
    let changes = plan[0]["changes"].as_array().expect("changes");
    let edit = changes
        .iter()
        .find(|change| change["path"] == ".")
        .expect("any file");
    assert_eq!(edit["may_run"], Value::Array(Vec::new()));
    let [number] = edit["runs"].as_array().expect("steps").as_slice() else {
        panic!("one step runs again: {edit}");
    };
    let again = steps
        .iter()
        .find(|step| step["number"] == *number)
        .expect("a step");
    assert_eq!(again["name"], "install quickstart");
}
