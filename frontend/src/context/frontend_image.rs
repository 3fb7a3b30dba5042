//! This frontend's own image, as a root filesystem for helper steps.

use std::path::Path;

use buildkit_llb::{Definition, Output};

use crate::gateway::GatewayError;

/// Where BuildKit since 0.10 puts the graph of the frontend's image (buildkit frontend/gateway/gateway.go). Its platform is
/// that of the engine.
pub const FRONTEND_GRAPH: &str = "/run/config/buildkit/metadata/frontend.bin";

/// The image that this process runs from, out of the graph at `path` ([`FRONTEND_GRAPH`] in a container); none where
/// the engine gives none.
pub fn frontend_image(path: &Path) -> Result<Option<Output>, GatewayError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(unusable(path, &cause)),
    };
    let definition = Definition::decode(&bytes).map_err(|cause| unusable(path, &cause))?;
    Output::import(definition.as_pb()).map_err(|cause| unusable(path, &cause))
}

fn unusable(path: &Path, cause: &dyn std::fmt::Display) -> GatewayError {
    GatewayError::invalid(format!(
        "the graph of the frontend's image, `{}`, cannot be used: {cause}",
        path.display()
    ))
}
