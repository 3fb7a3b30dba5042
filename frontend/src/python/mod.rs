//! Python without a tower: the lock that uv exports, split into parts that each become a layer of their own.
//!
//! In goes text that the engine has read (`pyproject.toml`, an exported `pylock.toml`, a `requirements.txt`); out
//! come typed [`Project`], [`Lock`] and [`Part`]s. Nothing here does IO; the same lock gives the same parts.

mod demand;
mod environment;
mod lock;
mod path;
mod pins;
mod project;
mod requirements;
mod split;
mod uv_lock;
mod wheel;

pub use demand::Demand;
pub use environment::{Environment, PythonVersion, machine_of};
pub use lock::{Lock, Origin, Package};
pub use path::{is_outside, joined};
pub use pins::{Pins, Unproven};
pub use project::{Project, ProjectIndex, normalised, requirement_name};
pub use requirements::{Refusal, Refused, Requirements, requirements};
pub use split::{GitSource, LocalSource, Part, Split, split, without_credentials};
pub use uv_lock::{Member, UvLock};
