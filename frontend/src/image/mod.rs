//! The image's config as the engine stores it: read from the base, overlaid, written for the exporter.

mod config;

pub use config::{ContainerConfig, Healthcheck, History, ImageConfig};
