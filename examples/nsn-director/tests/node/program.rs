//! The program as a process: its exit codes, and that it leaves nobody behind.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use crate::support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_nsn-director");

#[test]
fn sigterm_ends_the_node_and_its_sidecar_with_exit_code_0() {
    let folder = tempfile::tempdir().unwrap();
    let mut node = Command::new(PROGRAM)
        .args(&support::flags_of(folder.path())[1..])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut logs = BufReader::new(node.stderr.take().unwrap());
    let ready = line_with(&mut logs, "the sidecar is ready");
    let pid = ready
        .split_once("pid=")
        .unwrap()
        .1
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    assert!(std::path::Path::new("/proc").join(&pid).exists());

    Command::new("kill").arg(node.id().to_string()).status().unwrap();

    assert_eq!(node.wait().unwrap().code(), Some(0));
    assert!(!std::path::Path::new("/proc").join(&pid).exists());
    let mut rest = String::new();
    logs.read_to_string(&mut rest).unwrap();
    assert!(
        rest.contains("SIGTERM") && rest.trim_end().ends_with("stopped"),
        "{rest}"
    );
}

#[test]
fn wrong_settings_are_told_before_anything_starts() {
    let told = |variable: &str, value: &str| {
        let output = Command::new(PROGRAM).env(variable, value).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, text) = told("SUBSTRATE_WS_URL", "localhost:9944");
    assert_eq!(code, Some(2));
    assert!(text.contains("expected ws://HOST or wss://HOST"), "{text}");
    let (code, text) = told("RUST_LOG", "nsn_director=loud");
    assert_eq!(code, Some(1));
    assert!(text.starts_with("error: RUST_LOG: "), "{text}");
    let (code, text) = told("NODE_KEY", "/nowhere");
    assert_eq!(code, Some(1));
    assert!(text.contains("cannot read the node key `/nowhere`"), "{text}");
}

#[test]
fn a_client_without_a_node_fails() {
    let output = Command::new(PROGRAM)
        .args(["status", "--endpoint", "http://127.0.0.1:1"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.starts_with("error: no node answers at http://127.0.0.1:1"),
        "{text}"
    );
}

fn line_with(logs: &mut impl BufRead, part: &str) -> String {
    let mut line = String::new();
    while !line.contains(part) {
        line.clear();
        assert_ne!(logs.read_line(&mut line).unwrap(), 0, "the node ended");
    }
    line
}
