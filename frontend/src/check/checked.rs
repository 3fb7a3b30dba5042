//! The spec as meant: one target on one platform, every name resolved, every default filled.

use std::collections::BTreeMap;
use std::time::Duration;

use super::defaults::CUDA_REPOSITORY;
use crate::cuda::{Arch, Version};
use crate::diagnostic::Code;
use crate::rust::Channel;
use crate::source::{Span, Spanned};

/// What a target asks for, with nothing left to look up in the spec.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The name of the image, `name:`.
    pub name: Option<Spanned<String>>,
    /// `description:`, also the label `org.opencontainers.image.description`.
    pub description: Option<Spanned<String>>,
    /// The target that was asked for; `None` is the spec itself.
    pub target: Option<String>,
    /// Warnings that the spec does not want to hear: `check: { skip: […] }`.
    pub skipped: Vec<Code>,
    /// What ships and what builds.
    pub base: Base,
    /// CUDA, when the image has it.
    pub cuda: Option<Cuda>,
    /// Debian packages on the image.
    pub apt: Apt,
    /// Python, when the image has it.
    pub python: Option<Python>,
    /// Projects that are compiled with CMake, in the written order.
    pub cmake: Vec<Cmake>,
    /// Programs that cargo compiles, in the written order.
    pub rust: Vec<Rust>,
    /// Programs for people who work inside the image: `tools: [uv]`.
    pub tools: Vec<Spanned<Tool>>,
    /// Files from the context or from other images.
    pub copies: Vec<Copy>,
    /// Commands of the user's own.
    pub runs: Vec<Run>,
    /// Models, in the written order.
    pub models: Vec<Model>,
    /// Every secret of the spec by id: the declared ones; all that are used, when the spec declares none.
    pub secrets: BTreeMap<String, Secret>,
    /// The targets that this one takes files from, by name.
    pub sources: BTreeMap<String, Checked>,
    /// Who the image runs as.
    pub user: User,
    /// Where it starts, `workdir:`.
    pub workdir: Option<Spanned<String>>,
    /// Environment in the written order.
    pub env: Vec<(Spanned<String>, Spanned<String>)>,
    /// Ports by name, in the written order; a list of ports has its numbers as names.
    pub ports: Vec<Port>,
    /// Absolute paths that are volumes.
    pub volumes: Vec<Spanned<String>>,
    /// `None` inherits the base's.
    pub healthcheck: Option<Healthcheck>,
    /// What is looked at before the program starts.
    pub preflight: Option<Preflight>,
    /// `init: true`, where it was written: the launcher stays as the first process.
    pub init: Option<Span>,
    /// How it stops.
    pub stop: Stop,
    /// `None` inherits the base's.
    pub entrypoint: Option<Spanned<Vec<String>>>,
    /// `None` inherits the base's (dropped when `entrypoint` is given, as in a Dockerfile).
    pub cmd: Option<Spanned<Vec<String>>>,
    /// Labels with their full names, `title` already `org.opencontainers.image.title`.
    pub labels: BTreeMap<String, Spanned<String>>,
    /// What the image may weigh.
    pub budget: Option<Budget>,
}

/// What an image may weigh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// All files of its layers, in bytes.
    pub unpacked: Option<Spanned<u64>>,
    /// Its layers as they travel, in bytes.
    pub compressed: Option<Spanned<u64>>,
    /// Their number.
    pub layers: Option<Spanned<u32>>,
    /// Models do not count.
    pub except_models: bool,
    /// The base does not count.
    pub except_base: bool,
}

/// The images that a target stands on. With `cuda: auto`, those of nvidia/cuda are not there before the lock has said the
/// version, see [`Checked::with_cuda`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The image that ships; `None` is `scratch`.
    pub image: Option<Spanned<String>>,
    /// The image that builds: `cuda.build`'s flavour, else the same as `image`.
    pub build: Option<Spanned<String>>,
}

/// Debian packages, and where they come from besides the base's own sources.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Apt {
    /// Packages as `apt-get install` takes them, sorted, each once.
    pub packages: Vec<Spanned<String>>,
    /// More places that packages come from.
    pub repositories: Vec<Repository>,
}

/// A repository of Debian packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Its address.
    pub url: Spanned<String>,
    /// Its suites; a folder ends in `/`.
    pub suites: Vec<String>,
    /// Parts of the suites; none for folders.
    pub components: Vec<String>,
    /// The key that it is signed with.
    pub key: RepositoryKey,
    /// The image knows the repository too.
    pub keep: bool,
    /// Where it was written.
    pub span: Span,
}

/// The key of a repository, armored or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepositoryKey {
    /// A file of the context, absolute in it.
    Context(Spanned<String>),
    /// A file that is downloaded.
    Url {
        /// Its address.
        url: Spanned<String>,
        /// SHA-256 of what it holds, in lower-case hexadecimal.
        sha256: String,
    },
    /// The armored text.
    Text(String),
}

/// The CUDA side of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cuda {
    /// Which CUDA.
    pub version: CudaVersion,
    /// The system of its images, `ubuntu22.04`.
    pub os: Spanned<String>,
    /// The flavour of nvidia/cuda that ships; `None` ships a base without CUDA.
    pub ships: Option<&'static str>,
    /// The flavour that builds.
    pub builds: &'static str,
    /// Compute capabilities in the written order, each once. Where none are written, those that the lock's PyTorch is made
    /// for, once the lock is known.
    pub archs: Vec<Spanned<Arch>>,
    /// Where it was written.
    pub span: Span,
}

/// Which CUDA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CudaVersion {
    /// This one.
    Is(Spanned<Version>),
    /// `auto`: the one that the lock is made for.
    Auto(Span),
}

impl Cuda {
    /// Which CUDA, when that is known already.
    pub fn version(&self) -> Option<Version> {
        match &self.version {
            CudaVersion::Is(version) => Some(version.value),
            CudaVersion::Auto(_) => None,
        }
    }

    /// Where the version was written.
    pub fn version_span(&self) -> Span {
        match &self.version {
            CudaVersion::Is(version) => version.span,
            CudaVersion::Auto(span) => *span,
        }
    }

    /// Whether the image that builds has a compiler.
    pub fn compiles(&self) -> bool {
        self.builds == "devel"
    }

    /// nvidia/cuda in one of its flavours.
    fn image(&self, flavour: &str, version: Version) -> Spanned<String> {
        let name = format!("{}:{version}-{flavour}-{}", CUDA_REPOSITORY, self.os.value);
        Spanned::new(name, self.version_span())
    }
}

impl Checked {
    /// The same, of this CUDA.
    pub fn with_cuda(mut self, version: Version) -> Self {
        if let Some(cuda) = &mut self.cuda {
            cuda.version = CudaVersion::Is(Spanned::new(version, cuda.version_span()));
            if let Some(flavour) = cuda.ships {
                self.base.image = Some(cuda.image(flavour, version));
            }
            self.base.build = Some(cuda.image(cuda.builds, version));
        }
        self
    }
}

/// The Python side of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Python {
    /// `3.11` or `3.11.13`; `None` takes what the base or the project says.
    pub version: Option<Spanned<String>>,
    /// The uv that does the work.
    pub uv: Spanned<Uv>,
    /// What is installed.
    pub source: PythonSource,
    /// Where the interpreter comes from.
    pub interpreter: Interpreter,
    /// `mirror:`, in place of the address that uv downloads its builds from (`UV_PYTHON_INSTALL_MIRROR`).
    pub mirror: Option<Spanned<String>>,
    /// `downloads:`, a JSON list of builds (`UV_PYTHON_DOWNLOADS_JSON_URL`).
    pub downloads: Option<Spanned<String>>,
    /// `[project.optional-dependencies]` to install.
    pub extras: Vec<Spanned<String>>,
    /// `[dependency-groups]` to install; uv's default groups are not.
    pub groups: Vec<Spanned<String>>,
    /// Credentials of indexes, by the index's name in the project or here.
    pub indexes: BTreeMap<String, Index>,
    /// Debian packages that building from source needs; they never reach the image.
    pub apt: Vec<Spanned<String>>,
    /// Environment of steps that build from source (`SETUPTOOLS_SCM_PRETEND_VERSION`, …).
    pub build_env: BTreeMap<String, Spanned<String>>,
    /// Where `python:` was written.
    pub span: Span,
}

/// The uv that does the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uv {
    /// A release, `0.13.8`.
    Version(String),
    /// An image that has uv, such as a mirror's.
    Image(String),
}

/// What Python packages are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PythonSource {
    /// A uv project: the folder of `pyproject.toml` and `uv.lock`, relative to the context, and a workspace member.
    Project {
        /// Folder in the context, clean, `.` for the context itself.
        folder: Spanned<String>,
        /// `package:`, a member of the workspace; `None` is the root.
        package: Option<Spanned<String>>,
    },
    /// A `requirements.txt`.
    Requirements(Spanned<String>),
    /// An interpreter and nothing else.
    None,
}

/// Where the interpreter comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interpreter {
    /// The base image's own when its config says it has the right one (`PYTHON_VERSION`), else uv's build.
    Auto,
    /// This absolute path of the base image.
    Base(Spanned<String>),
    /// uv's own build.
    Uv,
}

/// A package index and the secrets that open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// `url:`; `None` when the project's own `[[tool.uv.index]]` has it.
    pub url: Option<Spanned<String>>,
    /// Id of the secret that holds the user name.
    pub username: Option<Spanned<String>>,
    /// Id of the secret that holds the password or token.
    pub password: Option<Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

/// A project that is compiled with CMake.
#[derive(Debug, Clone, PartialEq)]
pub struct Cmake {
    /// Where it comes from.
    pub source: CmakeSource,
    /// Id of the secret that opens its repository; `None` is BuildKit's own `GIT_AUTH_TOKEN`.
    pub token: Option<Spanned<String>>,
    /// Cache variables in the written order.
    pub options: Vec<(Spanned<String>, Spanned<String>)>,
    /// What is built; empty is everything.
    pub targets: Vec<Spanned<String>>,
    /// What the image gets of it.
    pub install: CmakeInstall,
    /// `Release`, `Debug`, ….
    pub build_type: Spanned<String>,
    /// Debian packages that compiling needs, sorted, each once.
    pub apt: Vec<Spanned<String>>,
    /// Environment of the build.
    pub env: Vec<(String, String)>,
    /// Secrets that the build sees.
    pub secrets: Vec<SecretUse>,
    /// SSH agents of the client that the build sees, by their ids; the first also opens its repository.
    pub ssh: Vec<Spanned<String>>,
    /// `None` is the build's default.
    pub network: Option<Network>,
    /// Where it was written.
    pub span: Span,
}

/// Programs of one cargo workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rust {
    /// Folder of `Cargo.toml` in the context, clean, `.` for the context itself.
    pub path: Spanned<String>,
    /// `package:`; `None` is what cargo takes in that folder.
    pub package: Option<Spanned<String>>,
    /// What is compiled, and where it goes; empty is every program, to [`defaults::BIN`](super::defaults::BIN).
    pub install: BTreeMap<String, String>,
    /// Features to switch on.
    pub features: Vec<Spanned<String>>,
    /// Whether the default features are on.
    pub default_features: bool,
    /// All features are on.
    pub all_features: bool,
    /// `toolchain:`; `None` is what `rust-toolchain.toml` says.
    pub toolchain: Option<Spanned<Channel>>,
    /// Cargo's profile.
    pub profile: String,
    /// `lto:`, in the words of cargo's profiles.
    pub lto: Option<String>,
    /// `codegen_units:`.
    pub codegen_units: Option<u32>,
    /// What is compiled for.
    pub target: Option<Spanned<RustTarget>>,
    /// The image to compile on; `None` is the base's system with Rust's official toolchain.
    pub image: Option<Spanned<String>>,
    /// Debian packages that compiling needs; they never reach the image.
    pub apt: Vec<Spanned<String>>,
    /// Paths of the context that compiling reads besides the packages' folders.
    pub inputs: Vec<Spanned<String>>,
    /// Patterns of files that it does not read.
    pub exclude: Vec<String>,
    /// Environment for compiling.
    pub env: Vec<(String, String)>,
    /// Network while things are compiled.
    pub network: Network,
    /// Id of the secret with a token for git; `None` is `GIT_AUTH_TOKEN`, which may be missing.
    pub token: Option<Spanned<String>>,
    /// Ids of SSH agents for git; none is the default one, which may be missing.
    pub ssh: Vec<Spanned<String>>,
    /// Ids of secrets with tokens, by the registry's name in cargo's settings.
    pub registries: BTreeMap<String, Spanned<String>>,
    /// Where it was written.
    pub span: Span,
}

/// Where a project comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CmakeSource {
    /// A folder of the context, clean and relative to it, `.` for the context itself.
    Context(Spanned<String>),
    /// A git repository.
    Git(GitSource),
}

/// A git repository, and what is taken of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GitSource {
    /// Its URL, or `user@host:path`.
    pub url: Spanned<String>,
    /// A branch, tag or commit; the repository's own default when `None`.
    pub reference: Option<String>,
    /// A folder in it; all of it when `None`.
    pub subdir: Option<String>,
}

/// What the image gets of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CmakeInstall {
    /// The programs among its targets, and the shared libraries of the project that they need.
    Targets,
    /// All that it installs.
    All,
    /// One component of what it installs.
    Component(String),
    /// These files of the build folder, wildcards allowed, and where they go.
    Files(Vec<(Spanned<String>, Spanned<String>)>),
}

/// The cache variable that `cuda.archs` gives a value.
pub const CUDA_ARCHITECTURES: &str = "CMAKE_CUDA_ARCHITECTURES";

/// What a program is compiled for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RustTarget {
    /// The platform's triple with glibc.
    Gnu,
    /// The platform's triple with musl: a static program.
    Musl,
    /// A triple as it was written.
    Triple(String),
}

/// A program that can be put into the image by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// `uv` and `uvx` in `/usr/local/bin`.
    Uv,
}

/// Files that are copied into the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Where they come from.
    pub from: CopyFrom,
    /// Paths or wildcards, absolute in their source (`/vortex`).
    pub sources: Vec<Spanned<String>>,
    /// Absolute path; a trailing `/` means "into this folder".
    pub dest: Spanned<String>,
    /// Owner; root when `None`.
    pub owner: Option<(u32, u32)>,
    /// Mode in octal or chmod form; as in the source when `None`.
    pub mode: Option<Spanned<String>>,
    /// Patterns that stay behind.
    pub exclude: Vec<String>,
    /// Where it was written.
    pub span: Span,
}

/// Where copied files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyFrom {
    /// The main context.
    Context,
    /// An image reference or the name of a named context.
    Image(Spanned<String>),
    /// Another target, one of [`Checked::sources`].
    Target(Spanned<String>),
}

/// Files of elsewhere that a command sees, read-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesMount {
    /// Where they come from.
    pub from: MountFrom,
    /// A file or folder, absolute in its source.
    pub src: Spanned<String>,
    /// Where they lie in the step, an absolute path below `/`.
    pub dest: Spanned<String>,
}

/// Where mounted files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountFrom {
    /// The main context.
    Context,
    /// An image reference or the name of a named context.
    Image(Spanned<String>),
    /// Another target, one of [`Checked::sources`].
    Target(Spanned<String>),
    /// The outputs of an earlier command, by its name.
    Step(Spanned<String>),
    /// What another stage of this target makes: `python`'s interpreter and packages, what `cmake` installs.
    Stage(Spanned<String>),
}

impl From<CopyFrom> for MountFrom {
    fn from(from: CopyFrom) -> Self {
        match from {
            CopyFrom::Context => Self::Context,
            CopyFrom::Image(image) => Self::Image(image),
            CopyFrom::Target(name) => Self::Target(name),
        }
    }
}

/// What a command of a build stage leaves in the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Absolute path that the command makes.
    pub src: Spanned<String>,
    /// Absolute path in the image; a trailing `/` means "into this folder".
    pub dest: Spanned<String>,
    /// Owner; root when `None`.
    pub owner: Option<(u32, u32)>,
    /// Mode in octal or chmod form; as it was made when `None`.
    pub mode: Option<Spanned<String>>,
}

/// A command of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What the progress display says; the first line of the command when `None`.
    pub name: Option<String>,
    /// One shell script, run by `/bin/sh -e`.
    pub script: Spanned<String>,
    /// Where it runs.
    pub stage: RunStage,
    /// What an image command stands on.
    pub after: RunAfter,
    /// Folders that are kept between builds.
    pub cache: Vec<CacheMount>,
    /// Secrets that this command sees.
    pub secrets: Vec<SecretUse>,
    /// SSH agents of the client that this command sees, by their ids; the first is `SSH_AUTH_SOCK`.
    pub ssh: Vec<Spanned<String>>,
    /// `None` is the build's default.
    pub network: Option<Network>,
    /// Environment of this command alone.
    pub env: Vec<(String, String)>,
    /// Files and folders of the context that this command sees, mounted read-only below the working directory: clean
    /// relative paths without wildcards, `.` for the whole context.
    pub inputs: Vec<Spanned<String>>,
    /// Files of elsewhere that this command sees.
    pub mounts: Vec<FilesMount>,
    /// What a `stage: build` command makes and the image keeps.
    pub outputs: Vec<Output>,
    /// Where it was written.
    pub span: Span,
}

/// Where a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStage {
    /// On the image as it is; what it changes becomes a layer.
    Image,
    /// On the build image; only its outputs are kept.
    Build,
}

/// What a command on the image stands on: the less it is, the less makes it run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunAfter {
    /// The base, its packages and the user.
    System,
    /// Python's dependencies too.
    Dependencies,
    /// Everything: the project and copied files too.
    All,
}

/// A folder that is kept between builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheMount {
    /// Absolute path in the step.
    pub path: Spanned<String>,
    /// Identity of the folder; the path when not written.
    pub id: String,
    /// What happens when two steps want it at once.
    pub sharing: Sharing,
}

/// Who may use a cache at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Everybody.
    Shared,
    /// A second user gets a folder of its own.
    Private,
    /// A second user waits.
    Locked,
}

/// A model that lies in the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: Spanned<String>,
    /// Absolute path of its folder, without a `/` at the end.
    pub folder: String,
    /// Where its files come from.
    pub source: ModelSource,
    /// Where it was written.
    pub span: Span,
}

/// Where the files of a model come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelSource {
    /// Files that are downloaded, each known by what it holds.
    Files {
        /// The files; each path once.
        files: Vec<ModelFile>,
        /// Id of the secret with the value of the `Authorization` header.
        token: Option<Spanned<String>>,
    },
    /// All files of an image.
    Image(Spanned<String>),
}

/// A file of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// Where it lies in the model's folder: a clean relative path.
    pub path: String,
    /// Where it is downloaded from.
    pub url: Spanned<String>,
    /// SHA-256 of what it holds, 64 lower-case hexadecimal digits.
    pub sha256: Spanned<String>,
}

/// A declared secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The build goes on without it.
    pub optional: bool,
    /// What it is for, in the user's words.
    pub description: Option<String>,
    /// Where it was declared.
    pub span: Span,
}

/// How a step sees a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretUse {
    /// Its id.
    pub id: Spanned<String>,
    /// The environment variable or file that holds it in the step.
    pub shown_as: SecretShown,
    /// The step runs without it.
    pub optional: bool,
}

/// Where a step finds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretShown {
    /// This environment variable.
    Env(String),
    /// This absolute path, `/run/secrets/ID` when not written.
    File(String),
}

/// The network of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The builder's sandbox network.
    Default,
    /// None at all.
    None,
    /// The builder's own; needs an entitlement.
    Host,
}

/// Who the image runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum User {
    /// The base's user: `user:` was not written and the base is not ours to change.
    Inherit,
    /// `user: root` or `0`.
    Root(Span),
    /// `user: 1000` or `1000:1000`: no passwd entry is made.
    Ids {
        /// User id.
        uid: u32,
        /// Group id.
        gid: u32,
        /// Where it was written.
        span: Span,
    },
    /// A user that the image gets, with a passwd entry and a home.
    Named {
        /// Login name.
        name: String,
        /// User id, 1000 when not written.
        uid: u32,
        /// Group id, the same as `uid` when not written.
        gid: u32,
        /// Home, `/home/NAME` when not written.
        home: String,
        /// Where it was written.
        span: Span,
    },
}

/// A port that the image serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// `http` in `ports: { http: 8091 }`.
    pub name: Spanned<String>,
    /// The number.
    pub number: u16,
    /// `tcp` or `udp`.
    pub protocol: &'static str,
}

/// How an engine finds out whether a container is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Healthcheck {
    /// What is asked.
    pub test: HealthTest,
    /// Time between two checks.
    pub interval: Option<Duration>,
    /// Time after which a check has failed.
    pub timeout: Option<Duration>,
    /// Time in which failures do not count.
    pub start_period: Option<Duration>,
    /// Time between two checks in the start period.
    pub start_interval: Option<Duration>,
    /// Failures in a row that make it unhealthy.
    pub retries: Option<u32>,
    /// Where it was written.
    pub span: Span,
}

/// What a health check asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthTest {
    /// `healthcheck: none`: the base's check is switched off.
    None,
    /// An `http://` URL, or `tcp:PORT`, asked by the launcher.
    Url(Spanned<String>),
    /// A command with its arguments.
    Command(Vec<String>),
    /// A shell line.
    Shell(String),
}

/// What is looked at when a container starts, before the program does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preflight {
    /// Folder that must be mounted and hold something.
    pub workspace: Option<Spanned<String>>,
    /// `HF_HOME` must be set and exist.
    pub hf_home: bool,
    /// A token of Hugging Face must be there.
    pub hf_token: bool,
    /// A GPU must be there.
    pub gpu: Option<GpuPreflight>,
    /// Least size of `/dev/shm`, in bytes.
    pub shm: Option<u64>,
    /// Absolute paths of folders that the program writes to, in the written order, each once.
    pub writable: Vec<Spanned<String>>,
    /// The image's TCP and UDP ports must be free.
    pub ports: bool,
    /// A user other than the image's own must have a name and a home.
    pub user: bool,
    /// Arguments with which nothing is looked at.
    pub skip_for: Vec<String>,
    /// Where it was written.
    pub span: Span,
}

/// When a GPU must be there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GpuPreflight {
    /// Arguments with which no GPU is needed.
    pub skip_for: Vec<String>,
}

/// How the image stops.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stop {
    /// `SIGTERM`, …
    pub signal: Option<Spanned<String>>,
    /// Time that it gets before it is killed.
    pub grace: Option<Duration>,
}
