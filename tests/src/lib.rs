//! Helpers of the end-to-end tests: engines, builds, images, containers and what is in them.
//!
//! A test takes an [`Engine`], describes a [`Build`], and looks at the [`Image`], the [`Layout`] or the [`Container`]
//! that comes out. Everything a test makes goes away with the value that stands for it. Whatever the machine or the
//! engine refuses is a panic with its own words: a test has nothing better to do with it.

pub mod artifacts;
mod build;
mod buildah;
pub mod buildx;
pub mod cache;
pub mod command;
mod container;
mod engine;
pub mod example;
mod expected;
pub mod git;
pub mod gpu;
pub mod hub;
mod image;
mod layout;
pub mod llama_cpp;
pub mod nemotron;
pub mod nonce;
pub mod npm;
mod output;
pub mod program;
mod progress;
mod project;
pub mod pypi;
mod python;
pub mod registry;
pub mod s3;
mod server;
pub mod ssh_agent;
mod tree;
pub mod website;
pub mod weights;

pub use build::{Build, Built};
pub use buildah::Buildah;
pub use container::{Container, Run};
pub use engine::Engine;
pub use expected::{Context, Expected};
pub use image::Image;
pub use layout::{Layer, Layout, PlatformImage};
pub use output::Output;
pub use progress::{Progress, Vertex, Warning};
pub use project::{Project, repository};
pub use python::PythonServer;
pub use server::FileServer;
pub use tree::{Entry, Tree};

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A name that no other test and no earlier run used: `LABEL-NUMBER-COUNT`.
pub fn unique(label: &str) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock that is set");
    format!("{label}-{:x}-{count}", now.as_micros())
}
