//! What a container of the image does: `user:`, `healthcheck:`, `stop:`; and the small rest, `secrets:` and `check:`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Command, Flag, Text, Whole};
use crate::spec::field::{Field, List};

/// Who the image runs as.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct User {
    /// Login name, made with a passwd entry and a home.
    pub name: Field<Text>,
    /// User id. 1000 when not written.
    pub uid: Field<Whole>,
    /// Group id. The same as `uid` when not written.
    pub gid: Field<Whole>,
    /// Home. `/home/NAME` when not written.
    pub home: Field<Text>,
}

/// How an engine finds out whether a container is well.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Healthcheck {
    /// `http://localhost:8080/health` or `tcp:8080`, asked inside the container; the image needs no curl.
    pub url: Field<Text>,
    /// A line of shell, or a list of a program and its arguments.
    pub command: Field<Command>,
    /// Time between two checks, such as `30s`.
    pub interval: Field<Text>,
    /// Time after which a check has failed.
    pub timeout: Field<Text>,
    /// Time after the start in which failures do not count.
    pub start_period: Field<Text>,
    /// Time between two checks in the start period.
    pub start_interval: Field<Text>,
    /// Failures in a row that make the container unhealthy.
    pub retries: Field<Whole>,
}

/// How a container is stopped.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Stop {
    /// The signal that asks it to end, such as `SIGINT`.
    pub signal: Field<Text>,
    /// The time it gets before it is killed, such as `30s`.
    pub grace: Field<Text>,
}

/// A build secret.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Secret {
    /// The build also works without it.
    pub optional: Field<Flag>,
    /// What it is for.
    pub description: Field<Text>,
}

/// What the checks leave out.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Check {
    /// Codes of findings that this spec does not want to hear, such as `unused-arg`.
    pub skip: Field<List<Text>>,
}
