use std::collections::BTreeSet;
use std::net::IpAddr;

use super::{Exec, MountKind};
use crate::capability::Capability;
use crate::error::Problem;
use crate::pb;

/// What of the network a command sees (buildkit `solver/pb/ops.proto: NetMode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NetworkMode {
    /// A network of its own, with a way out.
    #[default]
    Sandbox,
    /// Nothing.
    None,
    /// The daemon's network. The client must allow `network.host`.
    Host,
}

/// How far a command is confined (buildkit `solver/pb/ops.proto: SecurityMode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// As usual.
    #[default]
    Sandbox,
    /// Not at all. The client must allow `security.insecure`.
    Insecure,
}

/// A resource limit (buildkit `client/llb/exec.go: UlimitName` lists the names).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ulimit {
    /// The resource, `nofile` for one.
    pub name: String,
    /// What the command starts with.
    pub soft: i64,
    /// What the command can raise it to.
    pub hard: i64,
}

/// An environment variable whose value is a secret. Its name and id are in the cache key, its value is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretEnv {
    /// The secret.
    pub id: String,
    /// The variable.
    pub name: String,
    /// Whether the command runs where the client has no such secret; the variable is empty then.
    pub optional: bool,
}

/// Proxies, as variables that the daemon sets in capitals and in small letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyEnv {
    /// `HTTP_PROXY`.
    pub http_proxy: String,
    /// `HTTPS_PROXY`.
    pub https_proxy: String,
    /// `FTP_PROXY`.
    pub ftp_proxy: String,
    /// `NO_PROXY`.
    pub no_proxy: String,
    /// `ALL_PROXY`.
    pub all_proxy: String,
}

impl NetworkMode {
    pub(super) fn to_pb(self) -> pb::NetMode {
        match self {
            Self::Sandbox => pb::NetMode::Unset,
            Self::None => pb::NetMode::None,
            Self::Host => pb::NetMode::Host,
        }
    }
}

impl Security {
    pub(super) fn to_pb(self) -> pb::SecurityMode {
        match self {
            Self::Sandbox => pb::SecurityMode::Sandbox,
            Self::Insecure => pb::SecurityMode::Insecure,
        }
    }
}

/// Refuses what BuildKit would, and names of variables that would not arrive as they are.
pub(super) fn check(exec: &Exec) -> Result<(), Problem> {
    if exec.args.is_empty() {
        return Err(Problem::NoArguments);
    }
    if exec.cwd.is_empty() {
        return Err(Problem::NoWorkingDirectory);
    }
    if !exec.cwd.starts_with('/') {
        return Err(Problem::RelativePath {
            role: "the working directory",
            path: exec.cwd.clone(),
        });
    }
    if exec.secret_env.iter().any(|secret| secret.id.is_empty()) {
        return Err(Problem::Unnamed("the id of a secret"));
    }
    if exec.cdi_devices.iter().any(|device| device.name.is_empty()) {
        return Err(Problem::Unnamed("the name of a CDI device"));
    }
    let variables = exec.env.iter().map(|(name, _)| name);
    let mut variables = variables.chain(exec.secret_env.iter().map(|secret| &secret.name));
    match variables.find(|name| name.is_empty() || name.contains(['=', '\0'])) {
        Some(name) => Err(Problem::EnvironmentName(name.clone())),
        None => Ok(()),
    }
}

/// Adds what the daemon must know to run the command, its mounts apart.
pub(super) fn capabilities(exec: &Exec, capabilities: &mut BTreeSet<Capability>) {
    let used = [
        (
            Capability::EXEC_META_NETWORK,
            exec.network != NetworkMode::Sandbox,
        ),
        (Capability::EXEC_META_SECURITY, exec.security != Security::Sandbox),
        (Capability::EXEC_META_ULIMIT, !exec.ulimits.is_empty()),
        (Capability::EXEC_META_CGROUP_PARENT, exec.cgroup_parent.is_some()),
        (Capability::EXEC_META_CDI, !exec.cdi_devices.is_empty()),
        (Capability::EXEC_META_PROXY, exec.proxy_env.is_some()),
        (Capability::EXEC_SECRET_ENV, !exec.secret_env.is_empty()),
        (
            Capability::EXEC_VALID_EXIT_CODE,
            !exec.valid_exit_codes.is_empty(),
        ),
    ];
    capabilities.extend(
        used.into_iter()
            .filter(|(_, used)| *used)
            .map(|(capability, _)| capability),
    );
}

/// The command as the op has it.
pub(super) fn meta(exec: Exec) -> Result<pb::Meta, Problem> {
    Ok(pb::Meta {
        env: environment(&exec),
        args: exec.args,
        cwd: exec.cwd,
        user: exec.user.unwrap_or_default(),
        proxy_env: exec.proxy_env.map(Into::into),
        extra_hosts: exec.hosts.into_iter().map(host).collect::<Result<_, _>>()?,
        hostname: exec.hostname.unwrap_or_default(),
        ulimit: exec.ulimits.into_iter().map(Into::into).collect(),
        cgroup_parent: exec.cgroup_parent.unwrap_or_default(),
        // The daemon removes the empty files and directories that it made for mounts (buildkit client/llb/exec.go).
        remove_mount_stubs_recursive: true,
        valid_exit_codes: exec.valid_exit_codes,
    })
}

fn environment(exec: &Exec) -> Vec<String> {
    const AGENT: &str = "SSH_AUTH_SOCK";
    let agents = exec
        .mounts
        .iter()
        .filter(|mount| matches!(mount.kind, MountKind::Ssh { .. }));
    let agent = agents.map(|mount| mount.dest.as_str()).min();
    let agent = agent.filter(|_| !exec.env.iter().any(|(name, _)| name == AGENT));
    let variables = exec
        .env
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    variables
        .chain(agent.map(|agent| (AGENT, agent)))
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

fn host((host, address): (String, String)) -> Result<pb::HostIp, Problem> {
    match address.parse::<IpAddr>() {
        Ok(ip) => Ok(pb::HostIp {
            host,
            ip: ip.to_string(),
        }),
        Err(_) => Err(Problem::HostAddress { host, address }),
    }
}

impl From<Ulimit> for pb::Ulimit {
    fn from(ulimit: Ulimit) -> Self {
        Self {
            name: ulimit.name,
            soft: ulimit.soft,
            hard: ulimit.hard,
        }
    }
}

impl From<SecretEnv> for pb::SecretEnv {
    fn from(secret: SecretEnv) -> Self {
        Self {
            id: secret.id,
            name: secret.name,
            optional: secret.optional,
        }
    }
}

impl From<ProxyEnv> for pb::ProxyEnv {
    fn from(proxy: ProxyEnv) -> Self {
        Self {
            http_proxy: proxy.http_proxy,
            https_proxy: proxy.https_proxy,
            ftp_proxy: proxy.ftp_proxy,
            no_proxy: proxy.no_proxy,
            all_proxy: proxy.all_proxy,
        }
    }
}
