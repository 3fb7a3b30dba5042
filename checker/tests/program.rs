//! The program as steps run it.

#![expect(clippy::unwrap_used, reason = "a test says by panicking what is wrong")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of this test alone, with files in it.
fn folder(test: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    for (path, bytes) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    folder
}

/// The exit code and what was said.
fn run(words: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checker"));
    let ended = command.args(words).output().unwrap();
    assert!(ended.stdout.is_empty());
    (
        ended.status.code().unwrap(),
        String::from_utf8(ended.stderr).unwrap(),
    )
}

/// A file of GGUF without tensors and keys.
fn gguf() -> Vec<u8> {
    [b"GGUF\x03\0\0\0".as_slice(), &[0; 16]].concat()
}

/// A file of safetensors without a tensor.
fn weights() -> Vec<u8> {
    let header = b"{}".as_slice();
    [&(header.len() as u64).to_le_bytes(), header].concat()
}

#[test]
fn files_are_what_their_names_and_sizes_say() {
    let folder = folder(
        "right",
        &[("deep/a:b.safetensors", &weights()), ("q4.gguf", &gguf())],
    );
    let folder = folder.to_str().unwrap();
    for file in ["10:deep/a:b.safetensors", ":deep/a:b.safetensors"] {
        let words = ["--in", folder, "--file", file, "--file", "24:q4.gguf"];
        assert_eq!(run(&words), (0, String::new()), "{file}");
    }
}

#[test]
fn what_is_wrong_has_its_words_and_its_exit_code() {
    let folder = folder(
        "wrong",
        &[
            ("deep/a:b.safetensors", &weights()),
            ("page.safetensors", b"<html>log in</html>"),
            ("more.safetensors", &[weights(), b"more".to_vec()].concat()),
            ("page.gguf", b"GGUF is a format of files"),
        ],
    );
    let folder = folder.to_str().unwrap();
    for (file, code, words) in [
        (
            "11:deep/a:b.safetensors",
            6,
            "error: `deep/a:b.safetensors`: it has 10 bytes, 11 were pinned\n  hint: the file has changed",
        ),
        (
            ":page.safetensors",
            6,
            "error: `page.safetensors`: it has no header of a safetensors file",
        ),
        (
            ":more.safetensors",
            6,
            "error: `more.safetensors`: its tensors are 0 bytes, and it has 4 for them",
        ),
        (
            ":page.gguf",
            6,
            "error: `page.gguf`: its header is not that of a GGUF file",
        ),
        (":deep/nothing.gguf", 7, "/deep/nothing.gguf`: No such file"),
        ("../x.gguf", 2, "`../x.gguf` has no colon"),
        (":../x.gguf", 2, "`../x.gguf` leaves the folder"),
        (":/x.gguf", 2, "`/x.gguf` leaves the folder"),
        (":", 2, "`` leaves the folder"),
        ("x:deep/y", 2, "`x` are no bytes"),
    ] {
        // The first that is wrong is said, wherever it is.
        let (found, said) = run(&["--file", ":deep/a:b.safetensors", "--file", file, "--in", folder]);
        assert_eq!(found, code, "{file}: {said}");
        assert!(said.contains(words), "{file}: {said}");
    }
}

#[test]
fn a_command_line_that_makes_no_sense_says_how_it_is_written() {
    for words in [
        &[] as &[&str],
        &["--in", "/"],
        &["--in", "/", "--file"],
        &["--file", ":x"],
        &["check", "--in", "/", "--file", ":x"],
    ] {
        let (code, said) = run(words);
        assert_eq!(code, 2, "{words:?}: {said}");
        assert!(
            said.contains("hint: write `checker --in FOLDER --file [BYTES]:PATH …`"),
            "{said}"
        );
    }
}
