//! The command line.

use clap::{Parser, Subcommand};

/// What the environment says, for `--help`.
const ENVIRONMENT: &str = "\
Environment:
  MODEL_NAME             model on the hub, `owner/name` (required)
  S3_BUCKET              bucket that keeps it (required)
  S3_ENDPOINT_URL        address of the S3-compatible service (required)
  AWS_ACCESS_KEY_ID      its credentials (required)
  AWS_SECRET_ACCESS_KEY  its credentials (required)
  S3_PREFIX              folder in the bucket [default: models/]
  HF_TOKEN               token for gated and private models
  HF_ENDPOINT            the hub [default: https://huggingface.co]
  REVISION               branch, tag or commit [default: main]
  DOWNLOAD_DIR           folder for files on their way; empty streams without a disk [default: /tmp]
  DISABLE_PROGRESS       `true` prints no progress [default: false]

Exit codes:
  0  the model is in the bucket      1  not supported by this version
  2  wrong usage or environment      3  no access: token, licence or keys
  4  no such model, file or bucket   5  network, or rate limit after all retries
  6  wrong size or checksum          7  storage: disk or bucket is full or fails
  8  another uploader never finished";

/// Keeps a model of a hub in an S3-compatible bucket.
#[derive(Debug, Parser)]
#[command(name = "model-cache", version, about, after_help = ENVIRONMENT)]
pub struct Arguments {
    /// What to do; without it, the model is brought into the bucket.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Checks the environment and does nothing else.
    Check,
}
