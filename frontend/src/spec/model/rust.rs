//! `rust:`

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Flag, NetworkMode, Text, Whole};
use crate::spec::field::{Field, List, Map};

/// Programs that cargo compiles.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Rust {
    /// Folder of `Cargo.toml` in the context. `.` when not written.
    pub path: Field<Text>,
    /// Package of the workspace. What cargo takes in that folder when not written.
    pub package: Field<Text>,
    /// Programs of the package. All of them when neither this nor `install` is written.
    pub bins: Field<List<Text>>,
    /// Where programs go: `{ PROGRAM: /absolute/path }`. `/usr/local/bin/PROGRAM` when not written.
    pub install: Field<Map<Text>>,
    /// Features to switch on.
    pub features: Field<List<Text>>,
    /// Whether the package's default features are on. They are when not written.
    pub default_features: Field<Flag>,
    /// Switches all features on.
    pub all_features: Field<Flag>,
    /// Rust's version such as "1.75", `stable`, or a nightly with its day. What `rust-toolchain.toml` says when not written.
    pub toolchain: Field<Text>,
    /// Cargo's profile. `release` when not written.
    pub profile: Field<Text>,
    /// Link-time optimisation: `true`, `false`, `thin`, `fat` or `off`. What the profile says when not written.
    pub lto: Field<Text>,
    /// Parts that each crate is compiled in. What the profile says when not written.
    pub codegen_units: Field<Whole>,
    /// What is compiled for: `gnu`, `musl`, or a whole triple. What the base runs when not written.
    pub target: Field<Text>,
    /// The image to compile on. The base's system with Rust's official toolchain when not written.
    pub image: Field<Text>,
    /// Debian packages that compiling needs; they never reach the image.
    pub apt: Field<List<Text>>,
    /// Files and folders of the context that compiling reads, besides the folders of the packages.
    pub inputs: Field<List<Text>>,
    /// Patterns of files that compiling does not read, as in `.dockerignore`.
    pub exclude: Field<List<Text>>,
    /// Environment for compiling.
    pub env: Field<Map<Text>>,
    /// Network while things are compiled: `none` when not written, for crates are downloaded before.
    pub network: Field<NetworkMode>,
    /// Id of the build secret that holds a token for private git repositories. `GIT_AUTH_TOKEN`, where it is given, when not
    /// written.
    pub token: Field<Text>,
    /// SSH agents of the client that the download of git repositories may use: `true`, or ids.
    pub ssh: Field<List<Text>>,
    /// Tokens of private registries: the registry's name in cargo's settings, and the id of the build secret.
    pub registries: Field<Map<Text>>,
}
