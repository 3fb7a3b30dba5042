//! `preflight:`

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Either, Flag, Text};
use crate::spec::field::{Field, List, OrNone};

/// What is looked at when a container starts, before the program does. Each finding is one line on standard error; then the
/// program starts. `PREFLIGHT=strict` stops it instead, `PREFLIGHT=off` looks at nothing.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Preflight {
    /// A folder that must be mounted and hold something: an absolute path, or `true` for `workdir`.
    pub workspace: Field<Text>,
    /// `HF_HOME` must be set and exist.
    pub hf_home: Field<Flag>,
    /// A token of Hugging Face must be there, in the environment or in its file.
    pub hf_token: Field<Flag>,
    /// A GPU must be there, with a driver for the image's CUDA: `true`, `none`, or with what it is left out for. `true` when
    /// not written and the image has `cuda`; always `none` with `cuda: none`.
    #[schemars(with = "Either<Flag, OrNone<GpuPreflight>>")]
    pub gpu: Field<OrNone<GpuPreflight>>,
    /// The least size of `/dev/shm`, such as `256MiB`.
    pub shm: Field<Text>,
    /// Folders that the program writes to.
    pub writable: Field<List<Text>>,
    /// The image's `ports` must be free. `true` when not written.
    pub ports: Field<Flag>,
    /// The files of the image's models must be there, as long as they should be. `true` when not written.
    pub models: Field<Flag>,
    /// A user other than the image's own must have a name and a home. `true` when not written.
    pub user: Field<Flag>,
    /// Arguments with which nothing is looked at: first words (`config validate`), or an option anywhere. `--help` and
    /// `--version` always are.
    pub skip_for: Field<List<Text>>,
}

/// When a GPU must be there.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct GpuPreflight {
    /// Arguments with which no GPU is needed: first words (`config validate`), or an option anywhere.
    pub skip_for: Field<List<Text>>,
}
