//! `apt:`

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Flag, Text};
use crate::spec::field::{Field, List};

/// Debian packages, and where they come from besides the base's own sources.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Apt {
    /// Packages; a version is written `name=version`.
    pub packages: Field<List<Text>>,
    /// More places that packages come from.
    pub repositories: Field<List<Repository>>,
}

/// A repository of Debian packages.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Repository {
    /// Its address.
    pub url: Field<Text>,
    /// Its suites, such as `bookworm`; one that ends in `/` is a folder, and has no components.
    pub suites: Field<List<Text>>,
    /// Parts of the suites; `main` when not written.
    pub components: Field<List<Text>>,
    /// The key that it is signed with: a file of the context, an `https://` address with `sha256`, or the armored text itself.
    pub key: Field<Text>,
    /// SHA-256 of a key that is downloaded: 64 hexadecimal digits.
    pub sha256: Field<Text>,
    /// The image knows the repository too, for `apt-get` in containers. Left out when not written.
    pub keep: Field<Flag>,
}
