//! Cargo's projects: manifests, locks and toolchain files as data, and the skeletons that dependencies are compiled on.
//!
//! In goes text that the engine has read (`Cargo.toml`, `Cargo.lock`, `rust-toolchain.toml`, `.cargo/config.toml`); out
//! come typed [`Manifest`], [`CargoLock`] and [`Channel`], the [`Workspace`] of them, and sources that say nothing but which
//! dependencies there are. Nothing here does IO; the same texts give the same skeleton.

mod lock;
mod manifest;
mod skeleton;
mod toolchain;
mod workspace;

pub use lock::{CargoLock, LockedCrate};
pub use manifest::{LocalDependency, Manifest};
pub use skeleton::SkeletonFile;
pub use toolchain::{Channel, OLDEST, Toolchain, numbers};
pub use workspace::Workspace;
