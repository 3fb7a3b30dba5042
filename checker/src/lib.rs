//! What files of weights must begin with: [`format`](mod@format) tells them from error pages and
//! from halves of them.
//!
//! The program `checker` holds files that an engine downloaded against it, in steps of builds. It is of the standard library alone,
//! and nothing is in this crate that it does not need: see its manifest.

pub mod format;
mod json;
mod safetensors;
