use crate::output::Output;

/// Something that a command sees at a path (buildkit `solver/pb/ops.proto: Mount`).
#[derive(Clone, Debug)]
pub struct Mount {
    /// The path, absolute and not `/`: that is [`Exec::root`](crate::Exec).
    pub dest: String,
    /// What is there.
    pub kind: MountKind,
}

/// What a mount is.
#[derive(Clone, Debug)]
pub enum MountKind {
    /// A file system of this graph.
    Bind {
        /// What it is made of; scratch if there is none.
        input: Option<Output>,
        /// The directory or file of the input that is mounted; all of it by default.
        selector: Option<String>,
        /// Whether the command cannot change it.
        readonly: bool,
        /// Whether the mount as the command leaves it is an output. If not, changes are thrown away.
        output: bool,
        /// Whether the input's content, not its definition, is in the cache key.
        content_cache: ContentCache,
    },
    /// A directory that outlives the build and is never part of a result.
    Cache {
        /// What tells the directory from others.
        id: String,
        /// What builds do that want it at once.
        sharing: Sharing,
        /// What the directory holds when it is new. Another base is another directory.
        base: Option<Output>,
        /// The directory of the base that is mounted; all of it by default.
        selector: Option<String>,
    },
    /// A secret as a file in memory.
    Secret {
        /// The secret.
        id: String,
        /// The file's owner.
        uid: u32,
        /// The file's group.
        gid: u32,
        /// The permission bits, [`MountKind::SECRET_MODE`] as a rule.
        mode: u32,
        /// Whether the command runs without it where the client has none.
        optional: bool,
    },
    /// The socket of the client's SSH agent.
    Ssh {
        /// The agent, `default` as a rule.
        id: String,
        /// The socket's owner.
        uid: u32,
        /// The socket's group.
        gid: u32,
        /// The permission bits, [`MountKind::SSH_MODE`] as a rule.
        mode: u32,
        /// Whether the command runs without it where the client has none.
        optional: bool,
    },
    /// An empty directory in memory.
    Tmpfs {
        /// The most that it holds, in bytes; unlimited by default.
        size: Option<i64>,
    },
}

/// What builds do that want a cache directory at once (buildkit `solver/llbsolver/mounts/mount.go`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// They write to it at once.
    #[default]
    Shared,
    /// Each further one gets a new directory.
    Private,
    /// Each waits for the one before.
    Locked,
}

/// Whether the content of a mount's input is in the cache key (buildkit `solver/llbsolver/ops/exec.go`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContentCache {
    /// If the command cannot change it or it is no output.
    #[default]
    Default,
    /// Yes.
    On,
    /// No.
    Off,
}

impl MountKind {
    /// The permission bits of a secret by default (buildkit `client/llb/exec.go: AddSecret`).
    pub const SECRET_MODE: u32 = 0o400;
    /// The permission bits of an agent's socket by default (buildkit `client/llb/exec.go: AddSSHSocket`).
    pub const SSH_MODE: u32 = 0o600;

    /// The whole input, read-only.
    pub fn readonly(input: Output) -> Self {
        let content_cache = ContentCache::Default;
        Self::Bind {
            input: Some(input),
            selector: None,
            readonly: true,
            output: false,
            content_cache,
        }
    }

    /// An empty directory that is an output.
    pub fn scratch_output() -> Self {
        let content_cache = ContentCache::Default;
        Self::Bind {
            input: None,
            selector: None,
            readonly: false,
            output: true,
            content_cache,
        }
    }

    /// Whether the mount is an output.
    pub(super) fn is_output(&self) -> bool {
        matches!(self, Self::Bind { output: true, .. })
    }

    /// Where mounts of this kind stand in an op: secrets and then agents follow all others
    /// (buildkit `client/llb/exec.go: ExecOp.Marshal`).
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Bind { .. } | Self::Cache { .. } | Self::Tmpfs { .. } => 0,
            Self::Secret { .. } => 1,
            Self::Ssh { .. } => 2,
        }
    }
}
