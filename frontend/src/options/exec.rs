//! What all steps of a build run with.

use std::net::IpAddr;

use buildkit_llb::{NetworkMode, Ulimit};

use super::door::{Bad, Door, boolean, list};

/// What all steps of a build run with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExecOptions {
    /// Lines for `/etc/hosts`: name and address (`add-hosts`).
    pub hosts: Vec<(String, String)>,
    /// Size of `/dev/shm` in bytes; the engine's default where there is none (`shm-size`).
    pub shm_size: Option<i64>,
    /// Resource limits (`ulimit`).
    pub ulimits: Vec<Ulimit>,
    /// The cgroup that steps run under (`cgroup-parent`).
    pub cgroup_parent: Option<String>,
    /// The network of steps that ask for none of their own (`force-network-mode`, `--network`).
    pub network: Option<NetworkMode>,
    /// The host name that steps see (`hostname`, `build-arg:BUILDKIT_SANDBOX_HOSTNAME`).
    pub hostname: Option<String>,
}

/// The limits that Linux has, in the names of Docker (docker/go-units ulimit.go).
const ULIMITS: [&str; 15] = [
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

pub(super) fn exec(door: &mut Door) -> ExecOptions {
    ExecOptions {
        hosts: door.read("add-hosts", hosts),
        shm_size: door.read("shm-size", bytes),
        ulimits: door.read("ulimit", ulimits),
        cgroup_parent: door.text("cgroup-parent"),
        network: door.read("force-network-mode", network),
        hostname: door
            .text("build-arg:BUILDKIT_SANDBOX_HOSTNAME")
            .or_else(|| door.text("hostname")),
    }
}

/// `multi-platform`, which a build argument may override; none where neither is given.
pub(super) fn multi_platform(door: &mut Door) -> Option<bool> {
    let option = door.read("multi-platform", boolean);
    door.read("build-arg:BUILDKIT_MULTI_PLATFORM", boolean).or(option)
}

fn hosts(value: &str) -> Result<Vec<(String, String)>, Bad> {
    list(value)?.iter().map(|entry| host(entry)).collect()
}

fn host(entry: &str) -> Result<(String, String), Bad> {
    const FORM: &str = "write `--add-host NAME=ADDRESS`, such as `--add-host db=10.0.0.7`";
    let entry = entry.to_lowercase();
    let (name, address) = entry
        .split_once('=')
        .ok_or_else(|| Bad::new(format!("`{entry}` has no address"), FORM))?;
    let bare = address.trim_start_matches('[').trim_end_matches(']');
    let address: IpAddr = bare
        .parse()
        .map_err(|_| Bad::new(format!("`{address}` is not an IP address"), FORM))?;
    Ok((name.to_owned(), address.to_string()))
}

fn bytes(value: &str) -> Result<Option<i64>, Bad> {
    match value.parse() {
        Ok(0) => Ok(None),
        Ok(size) if size > 0 => Ok(Some(size)),
        _ => Err(Bad::new(
            format!("`{value}` is not a number of bytes"),
            "write `--shm-size 1g`; buildx makes bytes of it",
        )),
    }
}

fn ulimits(value: &str) -> Result<Vec<Ulimit>, Bad> {
    list(value)?.iter().map(|entry| ulimit(entry)).collect()
}

fn ulimit(entry: &str) -> Result<Ulimit, Bad> {
    const FORM: &str =
        "write `--ulimit NAME=SOFT[:HARD]`, such as `--ulimit nofile=1024:4096`; -1 is no limit";
    let parts = entry.split_once('=');
    let (name, limits) = parts.ok_or_else(|| Bad::new(format!("`{entry}` has no limit"), FORM))?;
    if !ULIMITS.contains(&name) {
        return Err(Bad::new(format!("`{name}` is not a limit of Linux"), FORM));
    }
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    let number = |text: &str| {
        text.parse::<i64>()
            .map_err(|_| Bad::new(format!("`{text}` of `{entry}` is not a whole number"), FORM))
    };
    let (soft, hard) = (number(soft)?, number(hard)?);
    if hard != -1 && (soft == -1 || soft > hard) {
        return Err(Bad::new(
            format!("`{entry}` has a soft limit over its hard limit"),
            FORM,
        ));
    }
    Ok(Ulimit {
        name: name.to_owned(),
        soft,
        hard,
    })
}

fn network(value: &str) -> Result<Option<NetworkMode>, Bad> {
    match value {
        "none" => Ok(Some(NetworkMode::None)),
        "host" => Ok(Some(NetworkMode::Host)),
        "sandbox" => Ok(Some(NetworkMode::Sandbox)),
        _ => Err(Bad::new(
            format!("`{value}` is not a network"),
            "write `--network none`, `--network host` or `--network default`",
        )),
    }
}
