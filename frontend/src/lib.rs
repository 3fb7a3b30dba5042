//! modelcrate: a BuildKit frontend for images that run AI models.
//!
//! ```text
//! Source ─parse→ Spec ─check→ Checked ─plan→ Plan ─lower→ LLB definition + image config ─solve→ result
//! ```
//!
//! - [`source`] knows the file's text and lines; [`diagnostic`] is what we say about them.
//! - [`spec`] reads the YAML, resolves `${…}` and targets, and decodes the typed spec, each leaf with its span.
//! - [`check`] turns a spec into [`check::Checked`]: names resolved, defaults filled, every problem reported at once.

pub mod check;
pub mod diagnostic;
pub mod source;
pub mod spec;
