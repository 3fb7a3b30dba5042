//! Typed LLB graphs, marshalled to deterministic BuildKit definitions.
//!
//! A graph is a value. Each constructor ([`Image`], [`Local`], [`Git`], [`Http`], [`OciLayout`], [`Exec`], [`File`],
//! [`merge()`], [`diff()`]) is a plain struct or function that yields [`Output`]s, and an `Output` is the input of the
//! next one. A vertex is marshalled once, when it is made; [`Definition::new`] walks what an output needs and hands
//! back the message that a BuildKit daemon takes. `None` in place of an output means scratch, the empty file system.
//!
//! What the crate promises:
//! - Same graph, same bytes. There is no clock, randomness, environment or hash order in it.
//! - The bytes of every op are those that the daemon's own Go code would write, so the digests computed here are the
//!   digests the daemon shows, and source locations and warnings meet their vertices.
//! - Every vertex declares the capabilities it needs, so that a graph can be checked against an engine before it is sent.
//! - A graph that BuildKit would refuse is an [`Error`] from [`Definition::new`], not a panic and not a failed build.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod capability;
mod definition;
mod diff;
mod digest;
mod dump;
mod error;
mod exec;
mod file;
mod import;
mod marshal;
mod merge;
mod meta;
mod output;
mod platform;
mod source;
mod source_map;
mod vertex;

pub use bollard_buildkit_proto::pb;

pub use capability::Capability;
pub use definition::Definition;
pub use diff::diff;
pub use digest::Digest;
pub use error::{Error, Problem};
pub use exec::{
    CdiDevice, ContentCache, Exec, ExecOutputs, Mount, MountKind, NetworkMode, ProxyEnv, Root, SecretEnv,
    Security, Sharing, Ulimit,
};
pub use file::{Action, Copy, File, Mkdir, Mkfile, Owner, OwnerRef, Rm, Symlink};
pub use merge::merge;
pub use meta::{Meta, ProgressGroup};
pub use output::Output;
pub use platform::{Platform, PlatformError};
pub use source::{Differ, Git, Http, Image, ImageReference, Local, OciLayout, ReferenceError, ResolveMode};
pub use source_map::{Location, Position, Range, SourceInfo};
