//! Errors and warnings, as `docker buildx build` shows them.

use modelcrate_tests::buildx::{Buildx, checked, docker, with_syntax};
use modelcrate_tests::nonce::nonce;
use tempfile::TempDir;

#[track_caller]
fn shows(seen: &str, words: &[&str]) {
    for words in words {
        assert!(seen.contains(words), "no `{words}` in:\n{seen}");
    }
}

/// The frame that the client itself draws: the header, and marks on just these lines.
#[track_caller]
fn frame(seen: &str, place: &str, marked: &[&str]) {
    let header = format!("\n{place}\n--------------------\n");
    let at = seen
        .find(&header)
        .unwrap_or_else(|| panic!("no frame at {place} in:\n{seen}"));
    let frame = seen[at + header.len()..]
        .split("--------------------")
        .next()
        .unwrap_or_default();
    let lines: Vec<&str> = frame
        .lines()
        .filter_map(|line| Some(line.split_once("| >>> ")?.1))
        .collect();
    assert_eq!(lines, marked, "{seen}");
}

/// testErrorsSourceMap: every problem at once, each with file, line, column, and the words of the spec.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn errors_source_map() {
    let seen =
        Buildx::spec("name: x\nbasee: debian\nuser: root\nworkdir: relative\nenv: { A: \"${UNKNOWN}\" }\n")
            .fails();
    frame(&seen, "modelcrate.yaml:3", &["basee: debian"]);
    frame(&seen, "modelcrate.yaml:5", &["workdir: relative"]);
    frame(&seen, "modelcrate.yaml:6", &["env: { A: \"${UNKNOWN}\" }"]);
    shows(
        &seen,
        &[
            "3 problems in modelcrate.yaml",
            "--> modelcrate.yaml:3:1",
            "did you mean `base`?",
            "--> modelcrate.yaml:5:10",
            "UNKNOWN",
        ],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn broken_yaml_is_shown_at_its_line() {
    let seen = Buildx::spec("name: x\nrun: [one\nuser: root\n").fails();
    shows(&seen, &["1 problem in modelcrate.yaml", "modelcrate.yaml:"]);
    assert!(!seen.contains(">>> # syntax="), "{seen}");
}

/// testTargetMistype
#[test]
#[ignore = "needs an engine: ./dev test"]
fn target_mistype() {
    let spec = "name: x\ntargets:\n  runtime: {}\n  dev: {}\n";
    let seen = Buildx::spec(spec).flags(&["--target", "runtme"]).fails();
    shows(&seen, &["`runtme`", "did you mean `runtime`?"]);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_missing_spec_file_is_named() {
    let build = Buildx::bare()
        .file("other", "x")
        .argument("BUILDKIT_SYNTAX", "modelcrate/frontend:1");
    let file = build.folder().join("absent.yaml").display().to_string();
    let seen = build.flags(&["--file", &file]).fails();
    shows(&seen, &["absent.yaml"]);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_unknown_base_image_points_at_its_line() {
    let seen = Buildx::spec("name: x\nbase: there-is-no/such-image:1\n").fails();
    frame(&seen, "modelcrate.yaml:3", &["base: there-is-no/such-image:1"]);
    shows(
        &seen,
        &["the image `there-is-no/such-image:1` cannot be used", "not found"],
    );
}

/// testErrorsSourceMap, the failing step: the daemon finds its lines in the source map.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_failing_step_points_at_its_lines() {
    let spec = format!(
        "name: x\nuser: root\nrun:\n  - echo {}\n  - name: fails\n    commands:\n      - echo here\n      - exit 9\n",
        nonce()
    );
    let seen = Buildx::spec(&spec).fails();
    frame(
        &seen,
        "modelcrate.yaml:6",
        &[
            "  - name: fails",
            "    commands:",
            "      - echo here",
            "      - exit 9",
        ],
    );
    shows(&seen, &["exit code: 9", "[run 2/2] fails"]);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_missing_secret_points_at_its_step() {
    let spec = format!(
        "name: x\nuser: root\nsecrets: [token]\nrun:\n  - command: echo {}\n    secrets: [token]\n",
        nonce()
    );
    let seen = Buildx::spec(&spec).fails();
    shows(&seen, &["modelcrate.yaml:6", "secret token: not found"]);
}

/// testErrorsSourceMap, the failing copy.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_missing_copy_source_points_at_its_line() {
    let seen = Buildx::spec("name: x\nuser: root\ncopy:\n  - file: /file\n  - absent: /absent\n")
        .file("file", "x")
        .fails();
    frame(&seen, "modelcrate.yaml:6", &["  - absent: /absent"]);
    shows(&seen, &["\"/absent\": not found"]);
}

/// testWarnings: with their lines, under the vertex that loaded the spec, and again at the end.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn warnings() {
    let built = Buildx::spec("name: x\nargs: { UNUSED: x }\nuser: root\n").passes();
    shows(&built.seen, &["1 warning found", "`UNUSED`", "(line 3)"]);
    let debug = TempDir::new().expect("a folder");
    std::fs::write(
        debug.path().join("modelcrate.yaml"),
        with_syntax("name: x\nargs: { UNUSED: x }\nuser: root\n"),
    )
    .expect("a spec");
    let output = checked(
        docker()
            .args([
                "--debug",
                "buildx",
                "build",
                "--progress=plain",
                "--output",
                "type=cacheonly",
                "--file",
            ])
            .arg(debug.path().join("modelcrate.yaml"))
            .arg(debug.path()),
    );
    let seen = String::from_utf8_lossy(&output.stderr);
    frame(&seen, "modelcrate.yaml:3", &["args: { UNUSED: x }"]);
}

/// testWarningsBeforeError
#[test]
#[ignore = "needs an engine: ./dev test"]
fn warnings_before_error() {
    let seen = Buildx::spec("name: x\nargs: { UNUSED: x }\nbasee: y\n").fails();
    shows(&seen, &["1 problem in modelcrate.yaml", "`UNUSED`", "(line 3)"]);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_secret_in_the_spec_is_never_shown() {
    let token = format!("hf_{}", "qXwTzKbVnMdRfGhJkLpYsCvBtNxZaEuWiO");
    let seen = Buildx::spec(&format!("name: x\nenv: {{ WORD: {token} }}\n")).fails();
    shows(&seen, &["modelcrate.yaml:3"]);
    assert!(!seen.contains(&token), "{seen}");
}
