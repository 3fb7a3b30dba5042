//! The image's config: the base's, overlaid with what the spec says.

use std::time::Duration;

use modelcrate_launcher::PROGRAM;

use super::python::VENV;
use super::{Facts, Step, StepId, cuda, launcher, models, system};
use crate::check::{Checked, HealthTest, Healthcheck, User};
use crate::image::{self, ContainerConfig, History, ImageConfig};

/// Who made an entry of the history.
const COMMENT: &str = "modelcrate.v1";

/// BuildKit's default (`util/system/path.go`), for bases that say nothing.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The config of the image whose files are `image`.
pub(super) fn config(checked: &Checked, facts: &Facts, steps: &[Step], image: &[StepId]) -> ImageConfig {
    let mut config = base_config(checked, facts);
    platform(&mut config, checked, facts);
    history(&mut config, facts, steps, image, checked.base.image.is_some());
    let container = &mut config.config;
    environment(container, checked, checked.python.is_some());
    cuda::container(container, checked, facts);
    for (name, value) in models::variables(checked) {
        container.set_env(name, &value);
    }
    for (name, value) in &checked.env {
        container.set_env(&name.value, &value.value);
    }
    owner(container, checked, facts);
    process(container, checked, facts);
    container.exposed_ports.extend(
        checked
            .ports
            .iter()
            .map(|port| (format!("{}/{}", port.number, port.protocol), Default::default())),
    );
    container.volumes.extend(
        checked
            .volumes
            .iter()
            .map(|path| (path.value.clone(), Default::default())),
    );
    if let Some(check) = &checked.healthcheck {
        container.healthcheck = Some(healthcheck(check));
    }
    labels(container, checked, facts);
    config
}

/// The environment of commands on the image: the base's and ours. What `env:` says is the container's, so that a
/// changed variable runs nothing again.
pub(super) fn runtime_env(checked: &Checked, facts: &Facts, python: bool) -> Vec<(String, String)> {
    let mut container = base_config(checked, facts).config;
    environment(&mut container, checked, python && checked.python.is_some());
    container.env_pairs()
}

fn base_config(checked: &Checked, facts: &Facts) -> ImageConfig {
    let mut config = checked
        .base
        .image
        .as_ref()
        .map(|base| facts.image(base).config)
        .unwrap_or_default();
    config.created = None;
    if config.config.working_dir.is_empty() {
        config.config.working_dir = "/".into();
    }
    config
}

fn platform(config: &mut ImageConfig, checked: &Checked, facts: &Facts) {
    let unknown = config.os.is_empty() || config.architecture.is_empty();
    if facts.explicit_platform || unknown || checked.base.image.is_none() {
        let (os, architecture, variant) = facts.target.clone();
        (config.os, config.architecture, config.variant) = (os, architecture, variant);
    }
}

/// One entry for each layer above the base, as the exporter expects.
fn history(config: &mut ImageConfig, facts: &Facts, steps: &[Step], image: &[StepId], has_base: bool) {
    let created = facts.epoch.map(rfc3339);
    for id in image.iter().skip(usize::from(has_base)) {
        let step = &steps[id.0];
        config.history.push(History {
            created: created.clone(),
            created_by: format!("{}: {}", step.stage, step.name),
            comment: COMMENT.into(),
            ..History::default()
        });
    }
    config.created = created;
}

fn environment(container: &mut ContainerConfig, checked: &Checked, python: bool) {
    if container.env_var("PATH").is_none() {
        container.set_env("PATH", PATH);
    }
    if python {
        let path = container.env_var("PATH").unwrap_or(PATH).to_owned();
        container.set_env("PATH", &format!("{VENV}/bin:{path}"));
        container.set_env("VIRTUAL_ENV", VENV);
        // Logs of a server must not wait in a buffer when the container dies.
        container.set_env("PYTHONUNBUFFERED", "1");
    }
    if checked.cuda.is_some() {
        for (name, value) in [
            ("NVIDIA_VISIBLE_DEVICES", "all"),
            ("NVIDIA_DRIVER_CAPABILITIES", "compute,utility"),
        ] {
            if container.env_var(name).is_none() {
                container.set_env(name, value);
            }
        }
    }
}

/// Numbers, so that Kubernetes can see that it is not root (`runAsNonRoot`).
fn owner(container: &mut ContainerConfig, checked: &Checked, facts: &Facts) {
    match system::user(checked, facts) {
        User::Inherit => {}
        User::Root(_) => container.user = "0:0".into(),
        User::Ids { uid, gid, .. } | User::Named { uid, gid, .. } => container.user = format!("{uid}:{gid}"),
    }
    if let Some(workdir) = &checked.workdir {
        container.working_dir = workdir.value.clone();
    }
}

/// As in a Dockerfile, a new entrypoint drops the arguments that were meant for the old one.
fn process(container: &mut ContainerConfig, checked: &Checked, facts: &Facts) {
    container.entrypoint = launcher::entrypoint(checked, facts);
    if checked.entrypoint.is_some() {
        container.cmd = None;
    }
    if let Some(cmd) = &checked.cmd {
        container.cmd = Some(cmd.value.clone());
    }
    if let Some(signal) = &checked.stop.signal {
        container.stop_signal = signal.value.clone();
    }
}

fn healthcheck(check: &Healthcheck) -> image::Healthcheck {
    let test = match &check.test {
        HealthTest::None => vec!["NONE".into()],
        HealthTest::Url(url) => vec!["CMD".into(), PROGRAM.into(), "health".into(), url.value.clone()],
        HealthTest::Command(command) => std::iter::once("CMD".to_owned())
            .chain(command.iter().cloned())
            .collect(),
        HealthTest::Shell(line) => vec!["CMD-SHELL".into(), line.clone()],
    };
    let nanoseconds =
        |time: Option<Duration>| time.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    image::Healthcheck {
        test,
        interval: nanoseconds(check.interval),
        timeout: nanoseconds(check.timeout),
        start_period: nanoseconds(check.start_period),
        start_interval: nanoseconds(check.start_interval),
        retries: check.retries.map_or(0, u64::from),
    }
}

/// What we know, then what the spec says, then what the command line says.
fn labels(container: &mut ContainerConfig, checked: &Checked, facts: &Facts) {
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            container.labels.insert(name.to_owned(), value);
        }
    };
    let oci = |name: &str| format!("org.opencontainers.image.{name}");
    let base = checked.base.image.as_ref();
    let known = base.map(|base| facts.image(base)).unwrap_or_default();
    set(
        &oci("base.name"),
        known.name.or(base.map(|base| base.value.clone())),
    );
    set(&oci("base.digest"), known.digest);
    set(
        &oci("title"),
        checked.name.as_ref().map(|name| name.value.clone()),
    );
    set(
        &oci("description"),
        checked.description.as_ref().map(|text| text.value.clone()),
    );
    set(&oci("source"), facts.vcs.source.clone());
    set(&oci("revision"), facts.vcs.revision.clone());
    set(&oci("created"), facts.epoch.map(rfc3339));
    set(
        "modelcrate.stop.grace",
        checked.stop.grace.map(|grace| format!("{}s", grace.as_secs())),
    );
    for (name, value) in &checked.labels {
        set(name, Some(value.value.clone()));
    }
    container.labels.extend(facts.labels.clone());
}

/// A time in seconds since 1970 as RFC 3339, in UTC. Days to dates by Howard Hinnant's `civil_from_days`.
pub fn rfc3339(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest % 3_600 / 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_engine_reads_them() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_700_000_000), "2023-11-14T22:13:20Z");
    }
}
