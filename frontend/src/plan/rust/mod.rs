//! Rust: crates that are downloaded, dependencies that are compiled, and programs that are layers.
//!
//! ```text
//! manifests and lock ─→ crates ─→ dependencies ─┐
//! sources of the packages ──────────────────────┴→ programs
//! ```
//!
//! Dependencies are compiled on a skeleton of the workspace, so their step depends on manifests and lock alone. What it
//! compiled is a layer of the build cache: an edit compiles the workspace's own packages only, on an empty builder too.
//! The layer of the programs stands alone; no toolchain reaches the image.

mod compile;
mod crates;
mod root;
mod sources;
mod system;
mod target;
#[cfg(test)]
mod tests;

pub use root::toolchain_images;
pub use target::emulated_for;

use super::{Facts, Steps, Tree};
use crate::check::{Checked, Rust};
use crate::rust::Workspace;

/// One entry of `rust:`, and everything that its steps depend on.
struct Entry<'a> {
    rust: &'a Rust,
    workspace: &'a Workspace,
    checked: &'a Checked,
    facts: &'a Facts,
    target: target::Target,
}

/// One layer for each entry of `rust:`.
pub(super) fn programs(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    let entries = checked.rust.iter().zip(&facts.workspaces);
    let entries = entries.map(|(rust, workspace)| Entry {
        rust,
        workspace,
        checked,
        facts,
        target: target::target(rust, checked, facts),
    });
    entries.map(|entry| entry.programs(steps)).collect()
}
