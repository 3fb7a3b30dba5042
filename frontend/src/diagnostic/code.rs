//! The stable names of findings: the same code for the same mistake, forever.

/// The kind of a finding, shown as `error[unknown-key]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code(pub &'static str);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

// The file.

/// The text is not YAML.
pub const YAML_SYNTAX: Code = Code("yaml-syntax");
/// YAML that a spec has no use for: tags, several documents, keys that are not text.
pub const YAML_FEATURE: Code = Code("yaml-feature");
/// The file is larger, deeper or has more aliases than any spec needs.
pub const TOO_LARGE: Code = Code("too-large");
/// There is nothing in the file.
pub const EMPTY_SPEC: Code = Code("empty-spec");

// Keys and shapes.

/// The same key twice in one mapping.
pub const DUPLICATE_KEY: Code = Code("duplicate-key");
/// A key that the spec does not have.
pub const UNKNOWN_KEY: Code = Code("unknown-key");
/// A key that a later release reads.
pub const NOT_SUPPORTED_YET: Code = Code("not-supported-yet");
/// A list where text belongs, text where a number belongs, and so on.
pub const WRONG_TYPE: Code = Code("wrong-type");
/// A key that stands alone where a value is needed.
pub const NO_VALUE: Code = Code("no-value");
/// A word that is not one of the few that are allowed.
pub const UNKNOWN_CHOICE: Code = Code("unknown-choice");
/// A key that must be there.
pub const MISSING_KEY: Code = Code("missing-key");
/// Two things that cannot both be.
pub const CONFLICT: Code = Code("conflict");
/// The same thing written twice, harmless.
pub const DUPLICATE_ITEM: Code = Code("duplicate-item");
/// The same thing given twice with different meanings.
pub const DUPLICATE_VALUE: Code = Code("duplicate-value");

// Names and `${…}`.

/// A `${…}` that is not closed or not understood.
pub const BAD_INTERPOLATION: Code = Code("bad-interpolation");
/// A `${NAME}` that nothing defines.
pub const UNDEFINED_NAME: Code = Code("undefined-name");
/// An arg that has no default and was not given.
pub const MISSING_ARG: Code = Code("missing-arg");
/// An arg with values for platforms, none for the one that is built.
pub const MISSING_PLATFORM: Code = Code("missing-platform");
/// A platform that does not exist.
pub const UNKNOWN_PLATFORM: Code = Code("unknown-platform");
/// Args that need each other.
pub const ARG_CYCLE: Code = Code("arg-cycle");
/// A name that modelcrate sets itself.
pub const RESERVED_NAME: Code = Code("reserved-name");
/// A `--build-arg` that the spec does not declare.
pub const UNDECLARED_BUILD_ARG: Code = Code("undeclared-build-arg");
/// An arg that nothing refers to.
pub const UNUSED_ARG: Code = Code("unused-arg");
/// A `--target` that the spec does not have.
pub const UNKNOWN_TARGET: Code = Code("unknown-target");
/// A target that takes files of itself.
pub const TARGET_CYCLE: Code = Code("target-cycle");
/// A name that may mean two things.
pub const AMBIGUOUS_NAME: Code = Code("ambiguous-name");
/// A name with letters that such a name cannot have.
pub const INVALID_NAME: Code = Code("invalid-name");

// Values.

/// Not the name of a model's repository.
pub const INVALID_MODEL: Code = Code("invalid-model");
/// Not an image reference.
pub const INVALID_IMAGE: Code = Code("invalid-image");
/// Not a path that can be used there.
pub const INVALID_PATH: Code = Code("invalid-path");
/// Not a duration.
pub const INVALID_DURATION: Code = Code("invalid-duration");
/// Not a file mode.
pub const INVALID_MODE: Code = Code("invalid-mode");
/// Not a port.
pub const INVALID_PORT: Code = Code("invalid-port");
/// Not a URL that can be used there.
pub const INVALID_URL: Code = Code("invalid-url");
/// Not a size in bytes.
pub const INVALID_SIZE: Code = Code("invalid-size");
/// Not a checksum of the kind in question.
pub const INVALID_CHECKSUM: Code = Code("invalid-checksum");
/// A download that nothing holds against a checksum.
pub const MISSING_CHECKSUM: Code = Code("missing-checksum");
/// Not a version of the thing in question.
pub const INVALID_VERSION: Code = Code("invalid-version");
/// Not a signal.
pub const INVALID_SIGNAL: Code = Code("invalid-signal");
/// Not a user, or an owner that is not known.
pub const INVALID_USER: Code = Code("invalid-user");
/// Not a Debian package.
pub const INVALID_PACKAGE: Code = Code("invalid-package");
/// Not a CUDA compute capability.
pub const INVALID_ARCH: Code = Code("invalid-arch");
/// Not a command that can be run.
pub const INVALID_COMMAND: Code = Code("invalid-command");
/// A label name that is neither known nor complete.
pub const UNKNOWN_LABEL: Code = Code("unknown-label");
/// `$NAME` where nothing will ever expand it.
pub const NOT_EXPANDED: Code = Code("not-expanded");
/// A branch or tag whose commit is not known before it is fetched.
pub const UNPINNED_GIT: Code = Code("unpinned-git");
/// Code for the processor of the machine that builds.
pub const NATIVE_CODE: Code = Code("native-code");
/// Work whose result nothing keeps.
pub const NO_EFFECT: Code = Code("no-effect");

// What only the engine knows.

/// A feature that the engine lacks.
pub const MISSING_CAPABILITY: Code = Code("missing-capability");
/// A file that cannot be downloaded, or is not the one that was meant.
pub const DOWNLOAD: Code = Code("download");
/// A model hub does not give what was asked for.
pub const HUB: Code = Code("hub");
/// A file that runs code when it is read.
pub const PICKLE: Code = Code("pickle");
/// `modelcrate.lock` does not fit the spec, or cannot be read.
pub const LOCK: Code = Code("lock");
/// What a name stands for may change from build to build.
pub const UNLOCKED: Code = Code("unlocked");
/// A name has come to stand for something else than what is locked.
pub const OUTDATED_LOCK: Code = Code("outdated-lock");

/// An image that weighs more than its budget.
pub const OVER_BUDGET: Code = Code("over-budget");

// Secrets.

/// A token or private key in the text.
pub const LITERAL_SECRET: Code = Code("literal-secret");
/// A value with a secret's name where everybody can read it.
pub const SECRET_NAME: Code = Code("secret-name");
/// A secret that `secrets:` does not list.
pub const UNDECLARED_SECRET: Code = Code("undeclared-secret");
/// A declared secret that nothing uses.
pub const UNUSED_SECRET: Code = Code("unused-secret");

// What the engine and the project say.

/// The engine cannot give the image its launcher.
pub const LAUNCHER: Code = Code("launcher");
/// A package that no step of a build can have.
pub const UNREACHABLE_PACKAGE: Code = Code("unreachable-package");
/// `uv.lock` was made for another `pyproject.toml`.
pub const STALE_LOCK: Code = Code("stale-lock");
/// Something about the Python project or its list of packages is not as the spec says.
pub const PYTHON_PROJECT: Code = Code("python-project");
/// A file of the Python project is not in the context.
pub const MISSING_FILE: Code = Code("missing-file");
/// The image cannot have this Python.
pub const PYTHON_VERSION: Code = Code("python-version");
/// Something about the cargo workspace is not as the spec says.
pub const RUST_PROJECT: Code = Code("rust-project");
/// The cargo workspace cannot be compiled with this Rust.
pub const RUST_VERSION: Code = Code("rust-version");
/// Another machine is emulated to compile.
pub const EMULATED_BUILD: Code = Code("emulated-build");
/// A line of a requirements file that an image cannot be built from.
pub const REFUSED_REQUIREMENT: Code = Code("refused-requirement");
/// The image changes with the index.
pub const OPEN_REQUIREMENTS: Code = Code("open-requirements");
/// A package's files have other hashes than the requirements allow.
pub const REQUIREMENT_HASH: Code = Code("requirement-hash");

// CUDA.

/// CUDA's libraries in the base and in the packages.
pub const CUDA_TWICE: Code = Code("cuda-twice");
/// What compiles and what it compiles against are of different CUDA.
pub const CUDA_MISMATCH: Code = Code("cuda-mismatch");
/// Packages for a newer CUDA than the image has.
pub const CUDA_CONFLICT: Code = Code("cuda-conflict");
/// A GPU that a package has no code for.
pub const UNSUPPORTED_GPU: Code = Code("unsupported-gpu");

// What builds, and may not be what people want to run.

/// Compilers in the image that ships.
pub const DEVEL_BASE: Code = Code("devel-base");
/// A server that nobody asks whether it is well.
pub const MISSING_HEALTHCHECK: Code = Code("missing-healthcheck");
/// The whole context is taken, and nothing says what of it is not meant.
pub const NO_IGNORE_FILE: Code = Code("no-ignore-file");
/// NVIDIA's libraries in an image without CUDA.
pub const NVIDIA_WITHOUT_CUDA: Code = Code("nvidia-without-cuda");
/// A port that needs a privilege.
pub const PRIVILEGED_PORT: Code = Code("privileged-port");
/// A program that runs as root.
pub const ROOT_USER: Code = Code("root-user");
/// A model that nobody says the licence of.
pub const UNKNOWN_LICENCE: Code = Code("unknown-licence");
/// A target that starts nothing, and whose files nobody takes.
pub const UNREACHABLE_TARGET: Code = Code("unreachable-target");
/// A compiler whose name means another one tomorrow.
pub const UNPINNED_TOOL: Code = Code("unpinned-tool");
/// A model that nothing refers to.
pub const UNUSED_MODEL: Code = Code("unused-model");
/// An image whose name means another one tomorrow.
pub const UNPINNED_IMAGE: Code = Code("unpinned-image");
/// A folder that programs write to and that their user may not.
pub const UNWRITABLE_PATH: Code = Code("unwritable-path");
