//! Whole nodes, with a sidecar that does what a test tells it to.

mod living;
mod program;
mod support;
