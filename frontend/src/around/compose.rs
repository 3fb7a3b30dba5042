//! `compose.yaml`: a target as a service.

use std::time::Duration;

use serde::Serialize;

use super::environment::{Variable, environment};
use super::secret::{Secret, of_build, of_container};
use super::storage::{Folder, Holds, dashed, folders};
use super::template::fill;
use super::{RenderError, Subject, Target};
use crate::check::{HealthTest, Healthcheck, Port};
use crate::yaml;

const TEMPLATE: &str = include_str!("../../../templates/around/compose.yaml.hbs");

/// All values are YAML already.
#[derive(Debug, Serialize)]
struct View {
    file: String,
    name: String,
    notes: Vec<String>,
    service: String,
    target: Option<String>,
    build_secrets: Option<String>,
    ports: Vec<String>,
    environment: Vec<Variable>,
    run_secrets: Option<String>,
    mounts: Vec<Mount>,
    healthcheck: Vec<Setting>,
    shm: Option<String>,
    signal: Option<String>,
    grace: Option<String>,
    restart: &'static str,
    gpu: bool,
    volumes: Vec<String>,
    secrets: Vec<Secret>,
}

#[derive(Debug, Serialize)]
struct Setting {
    name: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct Mount {
    kind: &'static str,
    source: String,
    target: String,
    read_only: bool,
}

/// Writes it for one target.
///
/// # Errors
/// Only a template that cannot be filled, which is a bug.
pub fn compose(subject: &Subject, target: &Target) -> Result<String, RenderError> {
    let checked = &target.checked;
    let (build, run) = (of_build(target), of_container(target));
    let folders = folders(target);
    let mut secrets: Vec<Secret> = build.iter().chain(&run).cloned().collect();
    secrets.sort();
    secrets.dedup();
    let shm = checked.preflight.as_ref().and_then(|preflight| preflight.shm);
    let view = View {
        file: yaml::word(&subject.file),
        name: subject.name.clone(),
        notes: notes(&folders),
        service: dashed(&subject.name),
        target: target.name.as_deref().map(yaml::word),
        build_secrets: ids(&build),
        ports: checked.ports.iter().map(port).collect(),
        environment: environment(target),
        run_secrets: ids(&run),
        mounts: folders.iter().map(mount).collect(),
        healthcheck: checked.healthcheck.as_ref().map(times).unwrap_or_default(),
        shm: shm.map(|bytes| bytes.to_string()),
        signal: checked.stop.signal.as_ref().map(|signal| yaml::word(signal)),
        grace: checked.stop.grace.map(seconds),
        restart: if checked.ports.is_empty() {
            "\"no\""
        } else {
            "unless-stopped"
        },
        gpu: checked.cuda.is_some(),
        volumes: folders
            .iter()
            .filter(|folder| folder.holds != Holds::Workspace)
            .map(|folder| folder.name.clone())
            .collect(),
        secrets,
    };
    fill(TEMPLATE, &view)
}

/// What a person must do besides.
fn notes(folders: &[Folder]) -> Vec<String> {
    let models = folders.iter().filter(|folder| folder.holds == Holds::Model);
    let volumes: Vec<&str> = models.map(|folder| folder.name.as_str()).collect();
    match volumes.as_slice() {
        [] => Vec::new(),
        volumes => vec![format!(
            "Models are not in the image (`deliver: volume`): put their files into the volumes {}.",
            volumes.join(", ")
        )],
    }
}

fn ids(secrets: &[Secret]) -> Option<String> {
    let ids: Vec<&str> = secrets.iter().map(|secret| secret.id.as_str()).collect();
    (!ids.is_empty()).then(|| yaml::list(&ids))
}

fn port(port: &Port) -> String {
    let protocol = if port.protocol == "udp" { "/udp" } else { "" };
    format!("\"127.0.0.1:{0}:{0}{protocol}\"", port.number)
}

fn mount(folder: &Folder) -> Mount {
    let work = folder.holds == Holds::Workspace;
    Mount {
        kind: if work { "bind" } else { "volume" },
        source: if work { ".".into() } else { folder.name.clone() },
        target: yaml::word(&folder.path),
        read_only: folder.holds == Holds::Model,
    }
}

/// Times of a check; its test is in the image.
fn times(check: &Healthcheck) -> Vec<Setting> {
    if check.test == HealthTest::None {
        return vec![Setting {
            name: "disable",
            value: "true".into(),
        }];
    }
    let times = [
        ("interval", check.interval),
        ("timeout", check.timeout),
        ("start_period", check.start_period),
        ("start_interval", check.start_interval),
    ];
    let times = times.into_iter().filter_map(|(name, time)| {
        Some(Setting {
            name,
            value: seconds(time?),
        })
    });
    let retries = check.retries.map(|retries| Setting {
        name: "retries",
        value: retries.to_string(),
    });
    times.chain(retries).collect()
}

/// A time in the words of compose.
fn seconds(time: Duration) -> String {
    match time.subsec_millis() {
        0 => format!("{}s", time.as_secs()),
        _ => format!("{}ms", time.as_millis()),
    }
}
