//! What a spec means where it says nothing: every default of the language, in one place.

/// `base:`, where there is no CUDA image either.
pub const BASE: &str = "debian:bookworm-slim";
/// `cuda.os`: the one that every CUDA release since 11.7 has images for.
pub const CUDA_OS: &str = "ubuntu22.04";
/// `cuda.build`: a compiler and headers, for wheels without binaries.
pub const CUDA_BUILD: &str = "devel";
/// `cuda.image`: the libraries alone.
pub const CUDA_IMAGE: &str = "runtime";
/// Where CUDA images come from; their tags are `VERSION-FLAVOUR-OS`.
pub const CUDA_REPOSITORY: &str = "nvidia/cuda";
/// `python.uv`: the version that this frontend is tested with.
pub const UV: &str = "0.13.8";
/// `python.project`.
pub const PROJECT: &str = ".";
/// `cmake.build_type`: fast code, and no debug information in the image.
pub const BUILD_TYPE: &str = "Release";
/// `rust.toolchain`, where no `rust-toolchain.toml` says it: the version that this frontend is tested with.
pub const RUST: &str = "1.95";
/// `rust.profile`.
pub const RUST_PROFILE: &str = "release";
/// The folder of programs that are compiled here.
pub const BIN: &str = "/usr/local/bin";
/// `user.uid`, and `user.gid` follows it: the first id that systems give to people.
pub const UID: u32 = 1000;
/// The folder that holds the home of a user.
pub const HOMES: &str = "/home";
/// The folder of secrets that are seen as files, as in a Dockerfile.
pub const SECRETS: &str = "/run/secrets";
/// The oldest uv that exports and installs `pylock.toml` (its release notes: both came with 0.6.15).
pub const OLDEST_UV: (u32, u32, u32) = (0, 6, 15);
