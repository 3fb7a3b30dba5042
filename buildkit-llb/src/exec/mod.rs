//! Exec: a command with its root file system and mounts comes in, a vertex with one output per writable mount goes out.
//! Mounts are an unordered set: however they are listed, the op and its output numbers are the same.

mod mount;
mod mount_check;
mod mount_lowering;
mod outputs;
mod process;

use std::collections::BTreeSet;

use crate::capability::Capability;
use crate::error::Fault;
use crate::meta::Meta;
use crate::output::Output;
use crate::pb;
use crate::vertex::{self, Draft};

pub use mount::{ContentCache, Mount, MountKind, Sharing};
pub use outputs::ExecOutputs;
pub use process::{NetworkMode, ProxyEnv, SecretEnv, Security, Ulimit};

/// A command in a container (buildkit `client/llb/exec.go`, `solver/pb/ops.proto: ExecOp`).
///
/// Where the command has no `PATH`, the daemon sets the platform's usual one. With an SSH mount, `SSH_AUTH_SOCK` is set
/// to the first one's destination unless `env` has it.
#[derive(Clone, Debug, Default)]
pub struct Exec {
    /// The root file system.
    pub root: Root,
    /// The program and its arguments; no shell is implied.
    pub args: Vec<String>,
    /// The environment, in order: the order is part of the cache key.
    pub env: Vec<(String, String)>,
    /// The working directory.
    pub cwd: String,
    /// The user, by name or id, and group as `USER:GROUP`; root by default.
    pub user: Option<String>,
    /// The name of the host as the command sees it.
    pub hostname: Option<String>,
    /// What of the network the command sees.
    pub network: NetworkMode,
    /// How far the command is confined.
    pub security: Security,
    /// Names and IP addresses added to `/etc/hosts`. The addresses are not part of the cache key.
    pub hosts: Vec<(String, String)>,
    /// Resource limits.
    pub ulimits: Vec<Ulimit>,
    /// The cgroup to run under.
    pub cgroup_parent: Option<String>,
    /// Names of CDI devices, `nvidia.com/gpu=all` for one.
    pub cdi_devices: Vec<CdiDevice>,
    /// Environment variables whose values are secrets.
    pub secret_env: Vec<SecretEnv>,
    /// Proxies of the command, which are not part of the cache key.
    pub proxy_env: Option<ProxyEnv>,
    /// The exit codes that mean success; 0 alone by default.
    pub valid_exit_codes: Vec<i32>,
    /// What is mounted beside the root.
    pub mounts: Vec<Mount>,
}

/// The root file system of a command.
#[derive(Clone, Debug, Default)]
pub struct Root {
    /// What it is made of; scratch if there is none.
    pub input: Option<Output>,
    /// Whether the command cannot change it. It is no output then.
    pub readonly: bool,
    /// Whether its content is in the cache key; by default it is not.
    pub content_cache: ContentCache,
}

/// A device of the machine that the command gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CdiDevice {
    /// The device's qualified name, `vendor.com/class=name`.
    pub name: String,
    /// Whether the command runs without it where the machine has none.
    pub optional: bool,
}

impl Exec {
    /// The outputs of the command on the platform in `meta`.
    pub fn outputs(self, meta: Meta) -> ExecOutputs {
        let indexes = outputs::indexes(&self);
        ExecOutputs::new(vertex::seal(self.draft(), meta), indexes)
    }

    fn draft(self) -> Result<Draft, Fault> {
        process::check(&self)?;
        let mut capabilities = BTreeSet::from([
            Capability::EXEC_META_BASE,
            Capability::EXEC_META_SETS_DEFAULT_PATH,
        ]);
        process::capabilities(&self, &mut capabilities);
        let mounts = mount_lowering::lower(&self, &mut capabilities)?;
        let exec = pb::ExecOp {
            network: self.network.to_pb().into(),
            security: self.security.to_pb().into(),
            secretenv: self.secret_env.iter().cloned().map(Into::into).collect(),
            cdi_devices: self.cdi_devices.iter().cloned().map(Into::into).collect(),
            mounts: mounts.mounts,
            meta: Some(process::meta(self)?),
        };
        Ok(Draft {
            kind: pb::op::Op::Exec(exec),
            inputs: mounts.inputs,
            by_platform: true,
            capabilities,
        })
    }
}

impl From<CdiDevice> for pb::CdiDevice {
    fn from(device: CdiDevice) -> Self {
        Self {
            name: device.name,
            optional: device.optional,
        }
    }
}
