//! `Warn`: what the user should know, shown beside the build.

use bollard_buildkit_proto::moby::buildkit::v1::frontend::{WarnRequest, WarnResponse};
use buildkit_llb::Location;

use super::capability::WARNINGS;
use super::{Gateway, GatewayError};

/// One warning.
#[derive(Debug, Clone, Default)]
pub struct Warning {
    /// The digest of a vertex that the client has seen start, such as the one that loads the spec: plain progress shows
    /// the warning under it.
    pub vertex: String,
    /// One line.
    pub short: String,
    /// More lines, shown by `docker --debug`.
    pub detail: Vec<String>,
    /// Where it is explained; may be empty.
    pub url: String,
    /// Where in the user's file.
    pub location: Option<Location>,
}

impl Gateway {
    /// Shows a warning; engines before BuildKit 0.10 cannot, and say nothing.
    pub async fn warn(&self, warning: Warning) -> Result<(), GatewayError> {
        if !self.capabilities().gateway_has(WARNINGS) {
            return Ok(());
        }
        let WarnResponse {} = self.connection().call("Warn", warning.into_pb()).await?;
        Ok(())
    }
}

impl Warning {
    fn into_pb(self) -> WarnRequest {
        let (info, ranges) = match self.location {
            None => (None, Vec::new()),
            Some(location) => (
                Some(location.source.as_ref().into()),
                location.ranges.into_iter().map(Into::into).collect(),
            ),
        };
        WarnRequest {
            digest: self.vertex,
            // Level 0 would become 1 in the engine all the same (buildkit frontend/gateway/forwarder/bridge.go).
            level: 1,
            short: self.short.into_bytes(),
            detail: self.detail.into_iter().map(String::into_bytes).collect(),
            url: self.url,
            info,
            ranges,
        }
    }
}
