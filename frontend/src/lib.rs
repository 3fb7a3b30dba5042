//! modelcrate: a BuildKit frontend for images that run AI models.
//!
//! ```text
//! Source ─parse→ Spec ─check→ Checked ─plan→ Plan ─lower→ LLB definition + image config ─solve→ result
//! ```
//!
//! The phases, in the order in which a build meets them:
//!
//! - [`driver`] is one build from its first request to its answer; start there.
//! - [`options`] types what the client asked for; [`gateway`] talks to the engine; [`context`] finds spec and files.
//! - [`source`] knows the file's text and lines; [`diagnostic`] is what we say about them.
//! - [`spec`] reads the YAML, resolves `${…}` and targets, and decodes the typed spec, each leaf with its span.
//! - [`check`] turns a spec into [`check::Checked`]: names resolved, defaults filled, every problem reported at once.
//! - [`python`] reads projects and locks, and splits a lock into parts; [`cuda`] holds what is known of toolkits and GPUs.
//! - [`rust`] reads workspaces and makes skeletons of them.
//! - [`plan`] makes steps of it, and the tree of files that is the image, and its config ([`image`]).
//! - [`lower`] makes vertices of the steps; [`render`] makes a Dockerfile of them.
//! - [`explain`] puts it into words: what each step sees, and what runs again when a file changes.
//! - [`bom`] lists what the image is made of, for its attestations.
//! - [`cli`] is the command line: the same questions, asked through docker.
//! - [`around`] writes files for other systems; [`verify`] looks at images that are finished.
//! - [`init`] writes a first spec of what lies in a folder.
//! - [`measure`] is another program in the same binary: steps run it to weigh layers.
//!
//! Nothing from `spec` to `lower` is async or does IO: what the engine must answer is asked by the driver and handed in.

pub mod around;
pub mod bom;
pub mod check;
pub mod cli;
pub mod context;
pub mod cuda;
pub mod diagnostic;
pub mod driver;
pub mod explain;
pub mod gateway;
pub mod image;
pub mod init;
pub mod lower;
pub mod measure;
pub mod options;
pub mod plan;
pub mod python;
pub mod render;
pub mod rust;
pub mod source;
pub mod spec;
pub mod verify;
mod yaml;
