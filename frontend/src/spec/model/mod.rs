//! The language: every key of a spec, as written. The words here are also the descriptions in the JSON Schema.
//!
//! Short forms (`cuda: "12.8.1"`, `user: app`) have become long ones before a spec is decoded, see `short.rs`; the schema
//! knows both.

mod apt;
mod budget;
mod cmake;
mod container;
mod cuda;
mod files;
mod models;
mod preflight;
mod python;
mod run;
mod rust;
mod scalar;
mod unknown;

pub use apt::{Apt, Repository};
pub use budget::{Budget, Except};
pub use cmake::{Cmake, Install};
pub use container::{Check, Healthcheck, Secret, Stop, User};
pub use cuda::{BuildFlavour, Cuda, ImageFlavour};
pub use files::{Copy, LONG_COPY, ShortCopy};
pub use models::{Deliver, Layout, Model, ModelFile};
pub use preflight::{GpuPreflight, Preflight};
pub use python::{Index, Python};
pub use run::{After, CacheMount, Mount, NetworkMode, Output, Run, SecretUse, SharingMode, Stage};
pub use rust::Rust;
pub use scalar::{Command, Either, Flag, Ignored, Text, Whole};
pub use unknown::{long_form, unknown_key};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{Field, List, Map, OrNone};

/// What an image is made of.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Spec {
    /// Name of the image; also its title when `labels` has none.
    pub name: Field<Text>,
    /// One line about the image; also its label `description` when `labels` has none.
    pub description: Field<Text>,
    /// Values that `--build-arg` can change, used as `${NAME}` anywhere in the spec. `null` is an arg that must be given;
    /// `{ amd64: …, arm64: … }` gives each platform its own value.
    #[schemars(with = "BTreeMap<String, Option<Either<Text, BTreeMap<String, Text>>>>")]
    pub args: Ignored,
    /// The image to start from, or `scratch`. Without it and without `cuda`: `debian:bookworm-slim`.
    pub base: Field<Text>,
    /// CUDA: a version such as "12.8.1", `auto` (the one that the Python lock is made for), `none`, or version, os and flavours.
    #[schemars(with = "Either<Text, Cuda>")]
    pub cuda: Field<OrNone<Cuda>>,
    /// Debian packages on the image: a list, or packages and more repositories.
    #[schemars(with = "Either<List<Text>, Apt>")]
    pub apt: Field<Apt>,
    /// Python: a version such as "3.11", or how the interpreter and the packages get into the image.
    #[schemars(with = "Either<Text, Python>")]
    pub python: Field<Python>,
    /// Rust: a package of the workspace, a folder, or programs and how they are compiled; several as a list.
    #[schemars(with = "List<Either<Text, Rust>>")]
    pub rust: Field<List<Rust>>,
    /// C and C++ projects that are compiled with CMake: one, or a list.
    pub cmake: Field<List<Cmake>>,
    /// Programs for people who work inside the image.
    pub tools: Field<List<Text>>,
    /// Files for the image: `- path/in/context: /path/in/image`, or `- { from, src, dest, chown, chmod, exclude }`.
    #[schemars(with = "List<Either<Copy, ShortCopy>>")]
    pub copy: Field<List<Copy>>,
    /// Commands, in order: a line of shell, or a command with what it may use.
    #[schemars(with = "List<Either<Text, Run>>")]
    pub run: Field<List<Run>>,
    /// Models by name: their files, each pinned, lie in `/models/NAME`.
    pub models: Field<Map<Model>>,
    /// Build secrets that this spec uses, given with `docker buildx build --secret id=…`.
    #[schemars(with = "Either<List<Text>, BTreeMap<String, Option<Secret>>>")]
    pub secrets: Field<Map<Secret>>,
    /// Who the image runs as: a name, `root`, an id, `uid:gid`, or name, uid, gid and home.
    #[schemars(with = "Either<Text, User>")]
    pub user: Field<User>,
    /// Absolute path where the image starts.
    pub workdir: Field<Text>,
    /// Environment of the image.
    pub env: Field<Map<Text>>,
    /// Ports that the image serves: `{ http: 8080, dns: 53/udp }` or `[8080, 53/udp]`.
    #[schemars(with = "Either<List<Text>, BTreeMap<String, Option<Text>>>")]
    pub ports: Field<Map<Text>>,
    /// Absolute paths that are volumes, as a list or by name.
    #[schemars(with = "Either<List<Text>, BTreeMap<String, Option<Text>>>")]
    pub volumes: Field<Map<Text>>,
    /// How an engine finds out whether a container is well: a URL, `none`, or a URL or command with its times.
    #[schemars(with = "Either<Text, Healthcheck>")]
    pub healthcheck: Field<OrNone<Healthcheck>>,
    /// What is looked at when a container starts, before the program does: `true`, or which things.
    #[schemars(with = "Either<Flag, OrNone<Preflight>>")]
    pub preflight: Field<OrNone<Preflight>>,
    /// The first process of a container passes signals on and takes in orphaned children, for a program that does not.
    pub init: Field<Flag>,
    /// How a container is stopped: a signal, or signal and grace.
    #[schemars(with = "Either<Text, Stop>")]
    pub stop: Field<Stop>,
    /// The program that the image is, with its first arguments.
    pub entrypoint: Field<List<Text>>,
    /// Arguments that `docker run IMAGE …` replaces.
    pub cmd: Field<List<Text>>,
    /// Labels: `title`, `vendor`, `licenses` and so on mean `org.opencontainers.image.*`; a name with a dot is used as it is.
    pub labels: Field<Map<Text>>,
    /// What the image may weigh: a size, or sizes of it unpacked and compressed and its number of layers. The build fails
    /// where it is more, and says what weighs most.
    #[schemars(with = "Either<Text, Budget>")]
    pub budget: Field<Budget>,
    /// Variants: each says what it changes. Mappings merge, lists of things that collect (`apt`, `copy`, `run`, `tools`,
    /// `python.apt`, `rust.apt`) grow, other values replace, `null` removes.
    #[schemars(with = "BTreeMap<String, Option<Spec>>")]
    pub targets: Ignored,
    /// What the checks of this spec should leave out.
    pub check: Field<Check>,
}
