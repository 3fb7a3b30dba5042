//! From a checked spec to files for the systems around an image: bake, compose, Kubernetes, and continuous integration.
//!
//! In comes a [`Subject`], the spec with all its targets checked; out go texts of `templates/around/`. Nothing in them decides what
//! is in the image: they name the spec, and say to another system what the spec says of ports, users, secrets, health and models.

mod bake;
mod ci;
mod compose;
mod environment;
mod health;
mod kubernetes;
mod secret;
mod storage;
mod subject;
mod template;
#[cfg(test)]
mod tests;

pub use bake::bake;
pub use ci::{github, gitlab};
pub use compose::compose;
pub use handlebars::RenderError;
pub use kubernetes::{Cluster, kubernetes};
pub use subject::{Subject, Target};
