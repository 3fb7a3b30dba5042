//! From a file's text to a typed [`Spec`]: what was written, with the place of every leaf.
//!
//! In comes a [`crate::source::Source`] and what the build says about itself ([`Request`]); out goes a [`Document`], the
//! tree of the YAML text, and from it one [`Spec`] per target, with every `${…}` replaced and every override applied. Wrong
//! parts are reported and left out, so that one run finds everything; nothing here knows what a value means.

mod args;
mod decode;
mod field;
mod interpolate;
mod merge;
mod model;
mod model_names;
mod node;
mod parse;
mod platform;
mod request;
mod resolve;
mod resolved_model;
pub mod schema;
mod short;
mod syntax;
mod template;
mod tree;

pub use args::BUILT_IN;
pub use field::{Entry, Field, List, Map, OrNone};
pub use interpolate::all_names;
pub use model::*;
pub use model_names::{HUB_CACHE, file_of_url, folder_of};
pub use node::{Document, Kind, Node, Pair, Scalar};
pub use parse::parse;
pub use request::{PlatformNames, Request};
pub use resolve::{Specs, arg_values, resolve};
pub use resolved_model::{ResolvedModel, ResolvedModels, hub_folder};
