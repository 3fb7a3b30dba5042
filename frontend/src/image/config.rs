//! OCI image config with Docker's extensions.
//!
//! Fields from the OCI image spec v1.1 `config.md` and moby/docker-image-spec `specs-go/v1/image.go`. As in
//! BuildKit's Dockerfile frontend, top-level keys that are not known here are dropped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The config of an image.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageConfig {
    /// RFC 3339; dropped from a base, set by the exporter or by `SOURCE_DATE_EPOCH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// `amd64`, `arm64`, …
    #[serde(default)]
    pub architecture: String,
    /// `linux`.
    #[serde(default)]
    pub os: String,
    /// `v7`, …
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub variant: String,
    /// Version of the system, Windows only.
    #[serde(rename = "os.version", default, skip_serializing_if = "String::is_empty")]
    pub os_version: String,
    /// Features of the system, Windows only.
    #[serde(rename = "os.features", default, skip_serializing_if = "Vec::is_empty")]
    pub os_features: Vec<String>,
    /// What a container starts with.
    #[serde(default)]
    pub config: ContainerConfig,
    /// The exporter rewrites the digests.
    #[serde(default)]
    pub rootfs: RootFs,
    /// One entry for each layer, and for steps without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<History>,
}

/// The layers; the exporter fills the digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootFs {
    /// Always `layers`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Digests of the unpacked layers.
    #[serde(default)]
    pub diff_ids: Vec<String>,
}

impl Default for RootFs {
    fn default() -> Self {
        Self {
            kind: "layers".into(),
            diff_ids: Vec::new(),
        }
    }
}

/// What a container starts with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContainerConfig {
    /// `name`, `uid`, `uid:gid`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// `8080/tcp` → `{}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exposed_ports: BTreeMap<String, Empty>,
    /// `NAME=value`, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
    /// The program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrypoint: Option<Vec<String>>,
    /// Its arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cmd: Option<Vec<String>>,
    /// Paths that are volumes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub volumes: BTreeMap<String, Empty>,
    /// Where it starts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    /// Labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// The signal that stops it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stop_signal: String,
    /// The shell of a base's own shell-form commands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shell: Vec<String>,
    /// How an engine finds out whether it is well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    /// Windows only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub args_escaped: bool,
}

/// `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Empty {}

/// Docker's health check. Durations in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Healthcheck {
    /// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", …]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub test: Vec<String>,
    /// Between two checks.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub interval: u64,
    /// Of one check.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub timeout: u64,
    /// In which failures do not count.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub start_period: u64,
    /// Between two checks in the start period.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub start_interval: u64,
    /// Failures in a row that make it unhealthy.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retries: u64,
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// What made a layer, or changed the config.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct History {
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The command, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub created_by: String,
    /// Who, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// The tool.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// No layer belongs to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub empty_layer: bool,
}

impl ImageConfig {
    /// Reads a config. Docker and BuildKit write what is empty as `null` too: it is read as nothing.
    ///
    /// # Errors
    /// A text that is no image config.
    pub fn from_json(json: &[u8]) -> Result<Self, serde_json::Error> {
        let mut value = serde_json::from_slice(json)?;
        drop_nulls(&mut value);
        serde_json::from_value(value)
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

impl ContainerConfig {
    /// The value of `name` in the environment.
    pub fn env_var(&self, name: &str) -> Option<&str> {
        self.env
            .iter()
            .find_map(|entry| entry.strip_prefix(name)?.strip_prefix('='))
    }

    /// Sets `name`, in its place when it is there already.
    pub fn set_env(&mut self, name: &str, value: &str) {
        let entry = format!("{name}={value}");
        match self
            .env
            .iter_mut()
            .find(|old| old.split('=').next() == Some(name))
        {
            Some(old) => *old = entry,
            None => self.env.push(entry),
        }
    }

    /// The environment as pairs, in order.
    pub fn env_pairs(&self) -> Vec<(String, String)> {
        let pair = |entry: &String| {
            let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
            (name.to_owned(), value.to_owned())
        };
        self.env.iter().map(pair).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_of_docker_survives_reading_and_writing() {
        let text = r#"{"architecture":"amd64","os":"linux","config":{"ExposedPorts":{"80/tcp":{}},"Env":["A=1","B=x=y"],"Cmd":["sh"],"Labels":{"k":"v"},"Healthcheck":{"Test":["CMD","true"],"Interval":30000000000}},"rootfs":{"type":"layers","diff_ids":["sha256:00"]},"history":[{"created_by":"x","empty_layer":true}]}"#;
        let config: ImageConfig = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&config).unwrap(), text);
        assert_eq!(config.config.env_var("B"), Some("x=y"));
    }

    #[test]
    fn what_docker_writes_as_null_is_nothing() {
        let text = br#"{"os":"linux","architecture":"amd64","config":{"Env":null,"Cmd":null,"Volumes":null,"Labels":null,
            "Healthcheck":{"Test":null}},"rootfs":{"type":"layers","diff_ids":null},"history":null}"#;
        let config = ImageConfig::from_json(text).unwrap();
        let empty = ContainerConfig {
            healthcheck: Some(Healthcheck::default()),
            ..ContainerConfig::default()
        };
        assert_eq!(config.config, empty);
        assert!(ImageConfig::from_json(b"null").is_err());
    }

    #[test]
    fn a_variable_keeps_its_place_when_it_is_replaced() {
        let mut config = ContainerConfig {
            env: vec!["PATH=/bin".into(), "A=1".into()],
            ..Default::default()
        };
        config.set_env("PATH", "/opt/venv/bin:/bin");
        config.set_env("B", "2");
        assert_eq!(config.env, ["PATH=/opt/venv/bin:/bin", "A=1", "B=2"]);
    }
}
