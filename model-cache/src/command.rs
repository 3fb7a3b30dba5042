//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// What the environment says, for `--help`.
const ENVIRONMENT: &str = "\
Environment:
  MODEL_NAME             model on the hub, `owner/name` (required)
  S3_BUCKET              bucket that keeps it (required)
  S3_ENDPOINT_URL        address of the S3-compatible service (required)
  AWS_ACCESS_KEY_ID      its credentials (required)
  AWS_SECRET_ACCESS_KEY  its credentials (required)
  AWS_SESSION_TOKEN      what belongs to credentials that are lent for a time
  AWS_REGION             region that requests are signed for [default: us-east-1]
  S3_PREFIX              folder in the bucket [default: models/]
  HF_TOKEN               token for gated and private models
  HF_ENDPOINT            the hub [default: https://huggingface.co]
  REVISION               branch, tag or commit; a branch stays what it was when it was stored [default: main]
  DOWNLOAD_DIR           folder for files on their way; empty streams without a disk [default: /tmp]
  DISABLE_PROGRESS       `true` prints lines where a terminal would get bars [default: false]
  IDLE_TIMEOUT           seconds of silence after which a service is asked again, and another uploader counts as
                         dead [default: 60]
  SSL_CERT_FILE          certificates to trust beside the web's own
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY   as everywhere

Memory: parts of 5 MiB, ten of which are sent at a time; less than 256 MiB in all.

Exit codes:
  0  the model is where it should be  2  wrong usage or environment
  3  no access: token, licence, keys  4  no such model, revision, file or bucket
  5  network, or rate limit after all retries
  6  wrong size or checksum           7  storage: disk or bucket is full or fails
  8  another uploader took over, or lives and does not get on
  130, 143  SIGINT, SIGTERM";

/// Keeps a model of a hub in an S3-compatible bucket.
#[derive(Debug, Parser)]
#[command(name = "model-cache", version, about, after_help = ENVIRONMENT)]
pub struct Arguments {
    /// What to do; without it, the model is brought into the bucket.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do instead.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Checks the environment and does nothing else.
    Check,
    /// Brings the model from the bucket into a folder, every byte checked.
    Pull {
        /// The folder; it is made when it is not there.
        folder: PathBuf,
    },
}
