//! Python: an interpreter, an environment around it, and packages as layers that stand alone.
//!
//! ```text
//! interpreter   venv skeleton   one layer a part of the lock   git and local packages   project
//! ```
//!
//! Packages are installed on a *tools root* that never ships. With uv's own interpreter that root knows nothing of
//! the image's base, so a new base leaves every layer of packages alone, and another platform's wheels are installed
//! without emulation.

mod index;
mod interpreter;
mod libc;
mod lock;
mod packages;
mod root;
mod sources;
#[cfg(test)]
mod tests;

pub use interpreter::{DOWNLOADS, Found, INTERPRETER, MIRROR, interpreter, interpreter_of, python_version};
pub use libc::is_musl;
pub use lock::{LockPlan, lock_steps};
pub use root::tools_image;
pub(super) use root::{Root, build_root, uv_image};

use super::{Facts, Steps, Tree};
use crate::check::Checked;
use crate::python::{Environment, split};

/// The folder of the environment.
pub(crate) const VENV: &str = "/opt/venv";

/// The layers of Python.
#[derive(Debug, Default)]
pub(super) struct Layers {
    /// What the project depends on: the interpreter, the environment, packages.
    pub dependencies: Tree,
    /// What changes with the project's own sources.
    pub project: Tree,
}

/// Plans everything that `python:` asks for.
pub(super) fn python(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Layers {
    let (Some(python), Some(version)) = (&checked.python, &facts.python_version) else {
        return Layers::default();
    };
    let mut layers = Layers::default();
    layers
        .dependencies
        .extend(interpreter::layer(steps, checked, facts, super::On::Target));
    layers
        .dependencies
        .push(interpreter::skeleton(steps, checked, facts));
    let environment = Environment::linux(version.clone(), &facts.target.1);
    let (Some(lock), Some(environment)) = (&facts.lock, environment) else {
        return layers;
    };
    let found = split(&lock.lock, &environment);
    let context = packages::Packages {
        python,
        checked,
        facts,
        origin: lock::origin(steps, checked, facts),
    };
    layers
        .dependencies
        .extend(found.parts.iter().map(|part| context.part(steps, part)));
    layers
        .dependencies
        .extend(found.git.iter().map(|source| context.git(steps, source)));
    layers
        .project
        .extend(found.local.iter().map(|source| context.local(steps, source)));
    layers.project.extend(context.project(steps));
    layers
}
