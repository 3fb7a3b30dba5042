//! The program as a container sees it: its environment in, lines and an exit code out.

#![expect(clippy::panic, reason = "a test that cannot start the program has failed")]

use std::process::{Command, Output};

fn run(args: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_model-cache"))
        .args(args)
        .env_clear()
        .envs(variables.iter().copied())
        .output();
    let Ok(Output {
        status,
        stdout,
        stderr,
    }) = output
    else {
        panic!("the program does not start")
    };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

const FINE: [(&str, &str); 6] = [
    ("MODEL_NAME", "nvidia/Nemotron"),
    ("S3_BUCKET", "models"),
    ("S3_ENDPOINT_URL", "http://minio:9000"),
    ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "s3cret"),
    ("HF_TOKEN", "hf_t0ken"),
];

#[test]
fn it_says_what_it_is() {
    assert_eq!(
        run(&["--version"], &[]),
        (0, "model-cache 0.1.0\n".into(), String::new())
    );
    let (code, help, _) = run(&["--help"], &[]);
    assert_eq!(code, 0);
    for word in ["MODEL_NAME", "S3_PREFIX", "Exit codes", "check"] {
        assert!(help.contains(word), "{word} is not in\n{help}");
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    let (code, _, words) = run(&["fetch"], &FINE);
    assert_eq!(code, 2, "{words}");
    let (code, last, words) = run(&[], &FINE[1..]);
    assert_eq!((code, last.as_str()), (2, "model-cache: result=usage exit=2\n"));
    assert!(
        words.contains("error: `MODEL_NAME` is not set\n  hint: name a model"),
        "{words}"
    );
}

/// Nothing of these is asked of anybody: the service of `FINE` is not there, and would be told as that.
#[test]
fn what_leads_elsewhere_is_refused_before_anything_is_asked() {
    for (name, value) in [
        ("MODEL_NAME", "../../etc/passwd"),
        ("MODEL_NAME", "org/model?revision=x"),
        ("MODEL_NAME", "org/model\r\nX-Amz-Acl: public-read"),
        ("MODEL_NAME", "$(id)"),
        ("S3_BUCKET", "models/../others"),
        ("S3_BUCKET", "models?acl"),
        ("S3_PREFIX", "models/../../others/"),
        ("S3_PREFIX", "/models/"),
        ("S3_PREFIX", "models\n/"),
        ("S3_ENDPOINT_URL", "http://me:s3cret@minio:9000"),
        ("S3_ENDPOINT_URL", "file:///etc/passwd"),
        ("S3_ENDPOINT_URL", "http://minio:9000/?x=t0ken"),
        ("HF_ENDPOINT", "gopher://hub"),
        ("REVISION", "../../main"),
        ("REVISION", "main\nx"),
        ("AWS_REGION", "us east"),
        ("HF_TOKEN", "hf_t0ken\r\nX-Other: 1"),
        ("AWS_SECRET_ACCESS_KEY", "s3cret\n"),
        ("DOWNLOAD_DIR", "../tmp"),
        ("IDLE_TIMEOUT", "-1"),
    ] {
        let (code, last, words) = run(&[], &[&FINE[..], &[(name, value)]].concat());
        assert_eq!(
            (code, last.as_str()),
            (2, "model-cache: result=usage exit=2\n"),
            "{name}={value:?}: {words}"
        );
        assert!(words.starts_with(&format!("error: `{name}` ")), "{words}");
        assert_eq!(words.lines().count(), 3, "one line of the value: {words}");
        assert!(!words.contains("s3cret") && !words.contains("t0ken"), "{words}");
    }
}

#[test]
fn an_environment_that_is_right_passes_the_check() {
    let (code, last, words) = run(&["check"], &FINE);
    assert_eq!(
        (code, last.as_str()),
        (0, "model-cache: result=done exit=0\n"),
        "{words}"
    );
    assert!(!words.contains("s3cret") && !words.contains("t0ken"), "{words}");
}

#[test]
fn a_service_that_is_not_there_ends_with_5() {
    // Nothing listens at port 1.
    let there = [("S3_ENDPOINT_URL", "http://127.0.0.1:1"), ("IDLE_TIMEOUT", "1")];
    let variables = [&FINE[..], &there].concat();
    let (code, last, words) = run(&[], &variables);
    assert_eq!(
        (code, last.as_str()),
        (5, "model-cache: result=network exit=5\n"),
        "{words}"
    );
    assert!(
        words.contains("error: http://127.0.0.1:1 does not answer: "),
        "{words}"
    );
    assert!(!words.contains("s3cret") && !words.contains("t0ken"), "{words}");
}

#[test]
fn a_folder_that_takes_no_files_ends_with_7() {
    let variables = [&FINE[..], &[("DOWNLOAD_DIR", "/proc/nothing")]].concat();
    let (code, last, words) = run(&["check"], &variables);
    assert_eq!((code, last.as_str()), (7, "model-cache: result=storage exit=7\n"));
    assert!(words.contains("where no file can be made"), "{words}");
}
