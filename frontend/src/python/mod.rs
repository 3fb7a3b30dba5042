//! Python without a tower: the lock that uv exports, split into parts that each become a layer of their own.
//!
//! In goes text that the engine has read (`pyproject.toml`, an exported `pylock.toml`, a `requirements.txt`); out
//! come typed [`Project`], [`Lock`] and [`Part`]s. Nothing here does IO; the same lock gives the same parts.

mod environment;
mod lock;
mod project;
mod requirements;
mod split;
mod uv_lock;
mod wheel;

pub use environment::{Environment, PythonVersion};
pub use lock::{Lock, Origin, Package};
pub use project::{Project, ProjectIndex};
pub use requirements::{Requirements, requirements};
pub use split::{GitSource, LocalSource, Part, Split, split};
pub use uv_lock::{Member, UvLock};
