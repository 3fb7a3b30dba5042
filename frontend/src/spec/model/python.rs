//! `python:`

use schemars::JsonSchema;
use serde::Deserialize;

use super::Text;
use crate::spec::field::{Field, List, Map};

/// The interpreter and the packages.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Python {
    /// `3.11` or `3.11.13`. What the base or the project asks for when not written.
    pub version: Field<Text>,
    /// Version of uv that installs the packages, or the image that it comes from (with `/usr/local/bin/uv` and a shell).
    pub uv: Field<Text>,
    /// Folder of `pyproject.toml` and `uv.lock` in the context, or `none` for an interpreter alone. `.` when neither this nor
    /// `requirements` is written.
    pub project: Field<Text>,
    /// Member of the uv workspace to install.
    pub package: Field<Text>,
    /// A requirements file in the context, instead of a project.
    pub requirements: Field<Text>,
    /// Where the interpreter comes from: `auto` (the base's when it fits, else uv's build), `uv`, or the absolute path of
    /// one in the base.
    pub interpreter: Field<Text>,
    /// Address to download uv's builds of Python from (`UV_PYTHON_INSTALL_MIRROR`).
    pub mirror: Field<Text>,
    /// Address of a JSON list of Python builds (`UV_PYTHON_DOWNLOADS_JSON_URL`).
    pub downloads: Field<Text>,
    /// Extras of the project to install.
    pub extras: Field<List<Text>>,
    /// Dependency groups of the project to install.
    pub groups: Field<List<Text>>,
    /// Credentials of package indexes, by the name that the index has in the project.
    #[schemars(with = "Map<super::Either<Text, Index>>")]
    pub indexes: Field<Map<Index>>,
    /// Debian packages that building wheels needs; they never reach the image.
    pub apt: Field<List<Text>>,
    /// Environment for building wheels.
    pub build_env: Field<Map<Text>>,
}

/// A package index.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Index {
    /// Address of the index, when the project does not say it.
    pub url: Field<Text>,
    /// Id of the build secret that holds the user name.
    pub username: Field<Text>,
    /// Id of the build secret that holds the password or token.
    pub password: Field<Text>,
}
