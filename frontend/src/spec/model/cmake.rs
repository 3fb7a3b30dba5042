//! `cmake:`

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::{NetworkMode, SecretUse, Text};
use crate::spec::field::{Field, List, Map};

/// A C or C++ project that is compiled with CMake.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Cmake {
    /// Folder of `CMakeLists.txt` in the context, or a git repository: `https://HOST/PATH.git#REF:SUBDIR`. The context
    /// itself when not written.
    pub source: Field<Text>,
    /// Id of the build secret with a token for a private repository. `GIT_AUTH_TOKEN` when not written.
    pub token: Field<Text>,
    /// Cache variables of the project, `-DNAME=VALUE` on CMake's command line.
    pub options: Field<Map<Text>>,
    /// What is built: targets of the project. Everything when not written.
    pub targets: Field<List<Text>>,
    /// What the image gets: `true` for all that the project installs, the name of one of its components, or built files
    /// and where they go. When not written: the programs among `targets`, and the shared libraries that they need.
    pub install: Field<Install>,
    /// How it is compiled: `Release` when not written. Of `Release` and `MinSizeRel`, names for debuggers do not ship.
    pub build_type: Field<Text>,
    /// Debian packages that compiling needs; they never reach the image.
    pub apt: Field<List<Text>>,
    /// Environment of the build.
    pub env: Field<Map<Text>>,
    /// Build secrets that the build sees: an id (in `/run/secrets/ID`), or id with `env` or `file`.
    #[schemars(with = "List<super::Either<Text, SecretUse>>")]
    pub secrets: Field<List<SecretUse>>,
    /// SSH agents of the client that the build and a repository over SSH may use: `true` is the one of `--ssh default`, else
    /// the ids that `--ssh` gives.
    #[schemars(with = "super::Either<super::Flag, List<Text>>")]
    pub ssh: Field<List<Text>>,
    /// Its network: `default`, `none`, or the builder's own with `host`.
    pub network: Field<NetworkMode>,
}

/// What the image gets of a project.
#[derive(Debug, Clone, PartialEq)]
pub enum Install {
    /// `install: true`, or the component that is written in its place.
    Word(Text),
    /// `install: { bin/server: /usr/local/bin/server }`.
    Files(Map<Text>),
}

impl<'de> Deserialize<'de> for Install {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InstallVisitor)
    }
}

struct InstallVisitor;

impl<'de> Visitor<'de> for InstallVisitor {
    type Value = Install;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("`true`, the name of a component, or a mapping of built files to paths in the image")
    }

    fn visit_str<E>(self, word: &str) -> Result<Install, E> {
        Ok(Install::Word(Text(word.to_string())))
    }

    fn visit_map<A: MapAccess<'de>>(self, files: A) -> Result<Install, A::Error> {
        Map::deserialize(MapAccessDeserializer::new(files)).map(Install::Files)
    }
}

impl JsonSchema for Install {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Install".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let files = Map::<Text>::json_schema(generator);
        json_schema!({ "anyOf": [{ "const": true }, { "type": "string" }, files] })
    }
}
