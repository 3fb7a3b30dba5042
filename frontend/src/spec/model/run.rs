//! `run:`

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Either, Flag, ShortCopy, Text};
use crate::spec::field::{Field, List, Map};

/// A command and what it may use.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Run {
    /// What the build shows while it runs.
    pub name: Field<Text>,
    /// A line of shell, or a script of several.
    pub command: Field<Text>,
    /// Lines of shell, one after the other; the first that fails ends the build.
    pub commands: Field<List<Text>>,
    /// Where it runs: on the `image`, which keeps what it changes, or where things are `build`, which keeps `outputs` alone.
    pub stage: Field<Stage>,
    /// What a command on the image stands on: the base with its packages (`system`), Python's dependencies too
    /// (`dependencies`), or the project and copied files as well (`all`). `dependencies` when not written.
    pub after: Field<After>,
    /// Folders that are kept between builds: a path, or path, id and sharing.
    #[schemars(with = "List<Either<Text, CacheMount>>")]
    pub cache: Field<List<CacheMount>>,
    /// Build secrets that it sees: an id (in `/run/secrets/ID`), or id with `env` or `file`.
    #[schemars(with = "List<Either<Text, SecretUse>>")]
    pub secrets: Field<List<SecretUse>>,
    /// SSH agents of the client that it sees: `true` is the one of `--ssh default`, else the ids that `--ssh` gives.
    #[schemars(with = "Either<Flag, List<Text>>")]
    pub ssh: Field<List<Text>>,
    /// Its network: `default`, `none`, or the builder's own with `host`.
    pub network: Field<NetworkMode>,
    /// Environment of this command alone.
    pub env: Field<Map<Text>>,
    /// Files of the context that it sees, read-only, in its working directory.
    pub inputs: Field<List<Text>>,
    /// Files of elsewhere that it sees, read-only: `{ from, src, dest }`.
    pub mounts: Field<List<Mount>>,
    /// What a `stage: build` command makes and the image keeps: an absolute path, `made/path: /path/in/image`, or `{ src, dest,
    /// chown, chmod }`.
    #[schemars(with = "List<Either<Text, Either<Output, ShortCopy>>>")]
    pub outputs: Field<List<Output>>,
}

/// Files of elsewhere that a command sees.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Mount {
    /// An image or named context, `target:NAME`, `step:NAME` (the outputs of an earlier command), `stage:python` or `stage:cmake`; the build
    /// context when not written.
    pub from: Field<Text>,
    /// The file or folder there; all of it when not written.
    pub src: Field<Text>,
    /// Absolute path in the step; the same as `src` when not written.
    pub dest: Field<Text>,
}

/// A file or folder that the image keeps.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Output {
    /// Absolute path that the command makes.
    pub src: Field<Text>,
    /// Absolute path in the image; one that ends in `/` is a folder to copy into. The same as `src` when not written.
    pub dest: Field<Text>,
    /// Owner: the name of the spec's `user`, `root`, an id or `uid:gid`. Root when not written.
    pub chown: Field<Text>,
    /// Mode, such as "0755" or `u+x`. As it was made when not written.
    pub chmod: Field<Text>,
}

/// Where a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Stage {
    /// On the image.
    Image,
    /// Where things are built.
    Build,
}

/// What a command on the image stands on: the less it is, the less makes it run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum After {
    /// The base, its packages and the user.
    System,
    /// Python's dependencies too.
    Dependencies,
    /// Everything: the project and copied files too.
    All,
}

/// A folder that is kept between builds.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct CacheMount {
    /// Absolute path in the step.
    pub path: Field<Text>,
    /// Identity of the folder; the path when not written.
    pub id: Field<Text>,
    /// What happens when two steps want it at once.
    pub sharing: Field<SharingMode>,
}

/// Who may use a cache at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SharingMode {
    /// Everybody.
    Shared,
    /// A second user gets a folder of its own.
    Private,
    /// A second user waits.
    Locked,
}

/// A build secret in a step.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct SecretUse {
    /// Its id.
    pub id: Field<Text>,
    /// The environment variable that holds it.
    pub env: Field<Text>,
    /// The absolute path of the file that holds it.
    pub file: Field<Text>,
    /// The step also runs without it.
    pub optional: Field<Flag>,
}

/// The network of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum NetworkMode {
    /// The builder's sandbox network.
    Default,
    /// None at all.
    None,
    /// The builder's own; needs `--allow network.host`.
    Host,
}
