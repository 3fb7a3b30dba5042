//! Steps: what is done, on what, with what in sight. No word of LLB or Dockerfile.

use crate::check::{Network, Sharing};
use crate::source::Span;

/// A handle on a step of one plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepId(pub(super) usize);

impl StepId {
    /// Its place among the plan's steps.
    pub fn index(self) -> usize {
        self.0
    }
}

/// Files laid over each other, the lowest first. Empty is an empty root.
pub type Tree = Vec<StepId>;

/// One thing that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The line of steps that it belongs to: `python`, `apt`, …
    pub stage: &'static str,
    /// What it does, for the progress display and the image's history.
    pub name: String,
    /// The lines of the spec that ask for it.
    pub span: Span,
    /// Where it runs.
    pub platform: On,
    /// What is done.
    pub action: Action,
}

/// The platform of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The platform that the image is for.
    Target,
    /// The platform that the build runs on: no emulation.
    Build,
    /// None: one result for all platforms.
    Any,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// An image as it is, by the reference that the user or a default wrote.
    Image(String),
    /// The frontend's own image: it carries the launcher.
    FrontendImage,
    /// Files of the main context.
    Context {
        /// Paths relative to the context; empty is all of it.
        paths: Vec<String>,
        /// Patterns in the form of `.dockerignore` that stay behind.
        exclude: Vec<String>,
    },
    /// Files of a git repository.
    Git(GitCheckout),
    /// A file over HTTP, [`DOWNLOADED`] of the step, readable by all.
    Download(Download),
    /// A command.
    Exec(Exec),
    /// Files made or copied, on an empty root.
    Files(Vec<FileAction>),
    /// Steps laid over each other, to take files of.
    Tree(Tree),
}

/// A file that the engine downloads itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Its address.
    pub url: String,
    /// SHA-256 of what it holds, in hexadecimal; with it the same file is downloaded once, from whatever address.
    pub sha256: String,
    /// Id of the secret with the value of the `Authorization` header.
    pub token: Option<String>,
}

/// What is taken of a git repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitCheckout {
    /// URL of the repository.
    pub url: String,
    /// The branch, tag or commit; the repository's own default when `None`.
    pub reference: Option<String>,
    /// The commit that the reference must be.
    pub commit: Option<String>,
    /// `.git` is kept, so that versions can be read from tags.
    pub keep_git_dir: bool,
    /// Id of the secret with a token; BuildKit looks for `GIT_AUTH_TOKEN` when `None`.
    pub token: Option<String>,
    /// Id of the client's SSH agent; `default` when `None`.
    pub agent: Option<String>,
}

/// A command and everything that it sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exec {
    /// What it stands on.
    pub root: Tree,
    /// `Name`, but where it is worth that the engine reads all files of the root: then steps that make the same files anew do
    /// not make this one run.
    pub root_key: Key,
    /// What is kept of it.
    pub keep: Keep,
    /// The command line.
    pub args: Vec<String>,
    /// Its environment, in order.
    pub env: Vec<(String, String)>,
    /// Its working directory.
    pub cwd: String,
    /// What else it sees.
    pub mounts: Vec<Mount>,
    /// Secrets in environment variables: `(variable, id, optional)`.
    pub secret_env: Vec<SecretEnv>,
    /// Its network; `None` is the build's default.
    pub network: Option<Network>,
}

/// A secret in an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretEnv {
    /// The variable.
    pub name: String,
    /// Id of the secret.
    pub id: String,
    /// The step runs without it (the variable is then empty).
    pub optional: bool,
}

/// What is kept of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// What it wrote below [`LAYER`].
    Layer,
    /// What it changed on its root.
    Changes,
}

/// What a downloaded file is called, whatever it is: the name is part of what the engine knows it by.
pub const DOWNLOADED: &str = "/file";

/// Where a command writes the files of its layer.
pub const LAYER: &str = "/layer";

/// Something that a command sees besides its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Absolute path in the step.
    pub path: String,
    /// What is there.
    pub kind: MountKind,
}

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountKind {
    /// Files of another step, read-only.
    Files {
        /// The step.
        from: StepId,
        /// A path in it; all of it when `None`.
        selector: Option<String>,
        /// `Bytes`: the step's key is what the files hold. `Name`: it is what makes them (for pinned
        /// images: nothing is pulled to find out that a step need not run).
        key: Key,
    },
    /// A folder that is kept between builds.
    Cache {
        /// Its identity.
        id: String,
        /// Who may use it at the same time.
        sharing: Sharing,
    },
    /// A secret in a file.
    Secret {
        /// Its id.
        id: String,
        /// The step runs without it.
        optional: bool,
    },
    /// The socket of an SSH agent of the client; the first is `SSH_AUTH_SOCK`.
    Ssh {
        /// The agent's id, as `--ssh` gives it.
        id: String,
        /// The step runs without it.
        optional: bool,
    },
    /// Memory.
    Tmpfs,
}

/// What makes a step with this mount run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Other bytes.
    Bytes,
    /// Another origin.
    Name,
}

/// A file or folder that is made without a command. Times are fixed ([`crate::plan::MTIME`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileAction {
    /// A folder with its parents.
    Folder {
        /// Absolute path.
        path: String,
        /// Mode bits.
        mode: u32,
        /// Owner; root when `None`.
        owner: Option<(u32, u32)>,
    },
    /// A file.
    File {
        /// Absolute path.
        path: String,
        /// Mode bits.
        mode: u32,
        /// All of it.
        text: String,
    },
    /// A symbolic link.
    Link {
        /// What it points to.
        target: String,
        /// Absolute path of the link.
        path: String,
    },
    /// A copy out of another step.
    Copy(CopyAction),
    /// Nothing of another step: it is named as the origin of the files beside this, so that an exported cache holds it.
    Origin(StepId),
}

/// A copy out of another step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyAction {
    /// The step.
    pub from: StepId,
    /// Absolute path or wildcard in it.
    pub source: String,
    /// Absolute path; a trailing `/` means "into this folder".
    pub dest: String,
    /// Owner; root when `None`.
    pub owner: Option<(u32, u32)>,
    /// chmod's octal or symbolic form; as in the source when `None`.
    pub mode: Option<String>,
    /// Patterns that stay behind.
    pub exclude: Vec<String>,
}
