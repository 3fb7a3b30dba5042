//! Those that bring a file of a hub onto a disk.

use std::process::Command;

use modelcrate_tests::pypi::{Environment, HUGGINGFACE_HUB};

use super::program::{Leaves, Program};
use super::scene::{FILE, MODEL, SIZE, Scene};

/// A download by ranges as one would write it by hand, without the last copy of the parts into one file. OpenSSL's digest is
/// several times as fast as that of sha256sum(1).
const RANGES: &str = r#"set -e
part=$((($2 + 7) / 8))
for lane in 0 1 2 3 4 5 6 7; do
    curl -sSfL -r $((lane * part))-$(((lane + 1) * part - 1)) "$1" -o "$4.$lane" &
done
wait
[[ $(cat "$4".[0-7] | openssl dgst -sha256 -r) == "$3 "* ]]"#;

/// Ours first.
pub fn programs(scene: &Scene) -> Vec<Program> {
    let disk = scene.disk();
    let (to, size) = (disk.join(FILE), SIZE.to_string());
    let mut fetcher = Command::new(scene.own("fetcher"));
    fetcher.args([
        "file",
        "--url",
        &scene.url,
        "--sha256",
        &scene.sha256,
        "--size",
        &size,
        "--to",
    ]);
    fetcher.arg(&to);
    let mut ranges = Command::new("bash");
    ranges.args(["-c", RANGES, "bash", &scene.url, &size, &scene.sha256]);
    ranges.arg(&to);
    let mut hf = Environment::with(HUGGINGFACE_HUB).program("hf");
    hf.args(["download", MODEL, "--local-dir"]).arg(&disk);
    hf.env("HF_ENDPOINT", scene.hub.url())
        .env("HF_HOME", disk.join("home"));
    let mut curl = Command::new("curl");
    curl.args(["-sSfL", &scene.url, "-o"]).arg(&to);
    vec![
        Program::new("fetcher", true, fetcher, Leaves::File),
        Program::new("8 × curl with ranges, openssl dgst", true, ranges, Leaves::Parts),
        Program::new("hf download", false, hf, Leaves::File),
        Program::new("curl", false, curl, Leaves::File),
    ]
}
