//! The image's config, as the instructions that make it of what the stage has.

use std::time::Duration;

use super::root::State;
use super::view::{Line, Setting};
use super::{Unwritable, words};
use crate::image::{ContainerConfig, Healthcheck};

/// What must be said so that `now` becomes `wanted`.
pub(super) fn lines(now: &State, wanted: &ContainerConfig) -> Result<Vec<Line>, Unwritable> {
    let mut lines = Vec::new();
    let env = wanted.env_pairs();
    let env: Vec<(&str, &str)> = env
        .iter()
        .filter(|(name, value)| now.env_var(name) != Some(value))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    if !env.is_empty() {
        lines.push(pairs("ENV", env.into_iter())?);
    }
    let labels: Vec<(&str, &str)> = wanted
        .labels
        .iter()
        .filter(|(name, value)| now.labels.get(*name) != Some(value))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    if !labels.is_empty() {
        lines.push(pairs("LABEL", labels.into_iter())?);
    }
    if now.user != wanted.user {
        lines.push(Line::setting("USER", root_or(&wanted.user)));
    }
    let workdir = |config: &ContainerConfig| match config.working_dir.as_str() {
        "" => "/".to_owned(),
        path => path.to_owned(),
    };
    if workdir(now) != workdir(wanted) {
        lines.push(Line::setting("WORKDIR", words::path(&workdir(wanted))));
    }
    let new = |now: bool, path: &String| (!now).then(|| path.clone());
    let ports = wanted.exposed_ports.keys();
    lines.extend(list(
        "EXPOSE",
        ports.filter_map(|port| new(now.exposed_ports.contains_key(port), port)),
    ));
    let volumes: Vec<String> = wanted
        .volumes
        .keys()
        .filter_map(|path| new(now.volumes.contains_key(path), path))
        .collect();
    if !volumes.is_empty() {
        lines.push(Line::setting("VOLUME", words::json(&volumes)));
    }
    if now.healthcheck != wanted.healthcheck {
        lines.push(Line::setting(
            "HEALTHCHECK",
            wanted.healthcheck.as_ref().map_or("NONE".into(), healthcheck),
        ));
    }
    if now.stop_signal != wanted.stop_signal && !wanted.stop_signal.is_empty() {
        lines.push(Line::setting("STOPSIGNAL", &wanted.stop_signal));
    }
    lines.extend(process(now, wanted));
    Ok(lines)
}

/// A new entrypoint drops the arguments of the old one.
fn process(now: &State, wanted: &ContainerConfig) -> Vec<Line> {
    let json = |words: &Option<Vec<String>>| words::json(words.as_deref().unwrap_or_default());
    let mut lines = Vec::new();
    let new_entrypoint = now.entrypoint != wanted.entrypoint;
    if new_entrypoint {
        lines.push(Line::setting("ENTRYPOINT", json(&wanted.entrypoint)));
    }
    let cmd = if new_entrypoint { &None } else { &now.cmd };
    if *cmd != wanted.cmd {
        lines.push(Line::setting("CMD", json(&wanted.cmd)));
    }
    lines
}

fn root_or(user: &str) -> String {
    if user.is_empty() {
        "root".into()
    } else {
        user.into()
    }
}

fn list(keyword: &'static str, values: impl Iterator<Item = String>) -> Option<Line> {
    let values: Vec<String> = values.collect();
    (!values.is_empty()).then(|| Line::setting(keyword, values.join(" ")))
}

/// `ENV` and `LABEL`.
pub(super) fn pairs<'a>(
    keyword: &'static str,
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Line, Unwritable> {
    let mut values = Vec::new();
    for (name, value) in pairs {
        if value.contains('\n') {
            let message = format!("`{name}` has a line feed, which {keyword} of a Dockerfile cannot hold");
            return Err(Unwritable(message));
        }
        values.push(format!("{}={}", words::value(name), words::value(value)));
    }
    Ok(Line::Setting(Setting { keyword, values }))
}

fn healthcheck(check: &Healthcheck) -> String {
    let times = [
        ("interval", check.interval),
        ("timeout", check.timeout),
        ("start-period", check.start_period),
        ("start-interval", check.start_interval),
    ];
    let mut words: Vec<String> = times
        .iter()
        .filter(|(_, time)| *time > 0)
        .map(|(name, time)| format!("--{name}={}", duration(*time)))
        .collect();
    if check.retries > 0 {
        words.push(format!("--retries={}", check.retries));
    }
    match check.test.split_first() {
        Some((kind, _)) if kind == "NONE" => return "NONE".into(),
        Some((kind, line)) if kind == "CMD-SHELL" => words.push(format!("CMD {}", line.join(" "))),
        Some((_, command)) => words.push(format!("CMD {}", words::json(command))),
        None => {}
    }
    words.join(" ")
}

/// Nanoseconds as Go reads them.
fn duration(nanoseconds: u64) -> String {
    let time = Duration::from_nanos(nanoseconds);
    match (time.as_secs(), time.subsec_nanos()) {
        (seconds, 0) => format!("{seconds}s"),
        _ => format!("{}ms", time.as_millis()),
    }
}
