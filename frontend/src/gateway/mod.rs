//! The async client of the engine: requests of `moby.buildkit.v1.frontend.LLBBridge` go out, typed answers come in.
//!
//! A [`Connection`] can return; after `Ping` it becomes a [`Gateway`] that can solve, read and resolve. Nothing reaches
//! the engine that it has not said it can do: what it lacks is an error that names the release to update to. Errors
//! keep every detail that the engine gave, so that they can be returned unchanged.
//!
//! [`serve`] is the life of the process round all of it: `std::process::exit(serve(drive))` is all that `main` does.

pub mod capability;
mod connection;
mod error;
#[cfg(test)]
pub mod fake_engine;
mod files;
mod git;
mod image;
mod process;
mod release;
mod result;
mod solve;
mod status;
#[cfg(test)]
mod tests;
mod transport;
mod warning;

use std::collections::BTreeMap;
use std::sync::Arc;

use bollard_buildkit_proto::moby::buildkit::v1::frontend::{InputsRequest, InputsResponse};
use bollard_buildkit_proto::moby::buildkit::v1::types::WorkerRecord;
use buildkit_llb::{Output, Platform};
use tokio::sync::OnceCell;

pub use bollard_buildkit_proto::google::rpc::Status;
pub use capability::Capabilities;
pub use connection::Connection;
pub use error::{ErrorKind, GatewayError};
pub use files::Entry;
pub use image::{ImageRequest, ImageStore, ResolvedImage};
pub use process::{is_frontend, serve};
pub use release::Release;
pub use result::{Attestation, BuildResult, PlatformResult};
pub use solve::Ref;
pub use status::{located_error, unsupported_frontend_cap, unsupported_subrequest};
pub use warning::Warning;

use crate::options::{CacheImport, Options};

/// The engine, once it is known what it can do. Clones share the connection and everything that was looked up.
#[derive(Debug, Clone)]
pub struct Gateway {
    connection: Connection,
    shared: Arc<Shared>,
}

/// What the client's options say to every request.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// What the user runs, `docker` for Docker Engine (`BUILDKIT_EXPORTEDPRODUCT`).
    pub product: String,
    /// Where steps run by default (`BUILDKIT_WORKERS`); the engine's own answer where it is not known.
    pub build_platform: Option<Platform>,
    /// Caches that every solve may take from; without them `--cache-from` does nothing.
    pub cache_imports: Vec<CacheImport>,
}

#[derive(Debug)]
struct Shared {
    capabilities: Capabilities,
    build_platform: Platform,
    cache_imports: Vec<CacheImport>,
    inputs: OnceCell<BTreeMap<String, Option<Output>>>,
    images: image::Images,
}

impl Gateway {
    fn new(
        connection: Connection,
        capabilities: Capabilities,
        setup: Setup,
        workers: &[WorkerRecord],
    ) -> Self {
        let build_platform = setup
            .build_platform
            .or_else(|| worker_platform(workers))
            .unwrap_or_else(own_platform);
        let shared = Shared {
            capabilities,
            build_platform,
            cache_imports: setup.cache_imports,
            inputs: OnceCell::new(),
            images: image::Images::default(),
        };
        Self {
            connection,
            shared: Arc::new(shared),
        }
    }

    /// What the engine can do.
    pub fn capabilities(&self) -> &Capabilities {
        &self.shared.capabilities
    }

    /// Where steps run natively, normalised.
    pub fn build_platform(&self) -> &Platform {
        &self.shared.build_platform
    }

    /// The connection, to return on.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The graphs that the client handed in, by name: the context of a linked target, for example.
    ///
    /// A graph without vertices is scratch, `None`. Empty where the engine knows no inputs (before BuildKit 0.7). Asked once.
    pub async fn inputs(&self) -> Result<&BTreeMap<String, Option<Output>>, GatewayError> {
        self.shared.inputs.get_or_try_init(|| self.ask_inputs()).await
    }

    async fn ask_inputs(&self) -> Result<BTreeMap<String, Option<Output>>, GatewayError> {
        if !self.capabilities().gateway_has(capability::FRONTEND_INPUTS) {
            return Ok(BTreeMap::new());
        }
        let answer: InputsResponse = self.connection.call("Inputs", InputsRequest {}).await?;
        answer
            .definitions
            .into_iter()
            .map(|(name, definition)| match Output::import(&definition) {
                Ok(output) => Ok((name, output)),
                Err(cause) => Err(GatewayError::invalid(format!("input `{name}`: {cause}"))),
            })
            .collect()
    }
}

impl From<&Options> for Setup {
    fn from(options: &Options) -> Self {
        Self {
            product: options.product.clone(),
            build_platform: options.build_platform.clone(),
            cache_imports: options.cache_imports.clone(),
        }
    }
}

/// The first platform of the first worker, as Go's frontends choose it (buildkit frontend/dockerui/config.go).
fn worker_platform(workers: &[WorkerRecord]) -> Option<Platform> {
    let platform = workers.first()?.platforms.first()?;
    Some(Platform::from(platform.clone()).normalized())
}

fn own_platform() -> Platform {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    Platform {
        os: "linux".to_owned(),
        architecture: architecture.to_owned(),
        ..Platform::default()
    }
}
