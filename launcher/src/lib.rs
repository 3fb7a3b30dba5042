//! What the frontend bakes into an image for the launcher: `launcher.json`, written at build time, read at each start.
//!
//! Both sides share these types, so that they cannot disagree. A user never writes them.

use serde::{Deserialize, Serialize};

/// Where the program lies in an image.
pub const PROGRAM: &str = "/usr/local/bin/modelcrate-launcher";

/// Where [`Baked`] lies in an image, as JSON.
pub const BAKED: &str = "/usr/share/modelcrate/launcher.json";

/// All that the launcher knows of its image.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Baked {
    /// The image's own entrypoint. What follows it on the command line are the user's arguments.
    pub entrypoint: Vec<String>,
    /// Stay as the first process of the container: forward signals, reap children.
    pub init: bool,
    /// What is looked at before the start.
    pub preflight: Option<Preflight>,
}

/// What is looked at before the start.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preflight {
    /// Arguments with which nothing is looked at: leading words (`config validate`), or an option anywhere (`--list`).
    pub skip_for: Vec<String>,
    /// A folder that must be mounted and hold something.
    pub workspace: Option<String>,
    /// `HF_HOME` must be set and exist.
    pub hf_home: bool,
    /// A token of Hugging Face must be there.
    pub hf_token: bool,
    /// A GPU must be there.
    pub gpu: Option<Gpu>,
    /// Least size of `/dev/shm`, in bytes.
    pub shm: Option<u64>,
    /// Folders that the program writes to.
    pub writable: Vec<String>,
    /// Ports that the program listens on.
    pub ports: Vec<Port>,
    /// The files of the image's models must be there, see `modelcrate_fetcher::manifest`.
    pub models: bool,
    /// The uid that the image is made for: another one needs a passwd entry to have a name and a home.
    pub uid: Option<u32>,
}

/// What a GPU must be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gpu {
    /// As [`Preflight::skip_for`], for this check alone.
    pub skip_for: Vec<String>,
    /// The image's CUDA, `12.8.1`.
    pub cuda: Option<String>,
    /// The oldest driver that runs it, `570.26`.
    pub driver: Option<String>,
    /// Compute capabilities that the image's own code is compiled for: `80`, `90a`.
    pub archs: Vec<String>,
}

/// A port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Port {
    /// The number.
    pub number: u16,
    /// UDP; else TCP.
    #[serde(default)]
    pub udp: bool,
}
