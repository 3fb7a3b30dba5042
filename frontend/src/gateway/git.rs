//! The commit behind a branch or tag.

use bollard_buildkit_proto::moby::buildkit::v1::frontend::{
    ResolveSourceGitRequest, ResolveSourceMetaRequest, ResolveSourceMetaResponse,
};
use bollard_buildkit_proto::pb;
use buildkit_llb::{Definition, Git, Meta};
use prost::Message;

use super::Gateway;
use super::capability::SOURCE_META;
use super::error::GatewayError;

impl Gateway {
    /// The commit that a checkout is of now, with `log_name` as its line of progress; `None` where the engine does not
    /// say it before it fetches, which is so before BuildKit 0.26 (`ResolveSourceGitResponse` of
    /// `frontend/gateway/pb/gateway.proto`).
    pub async fn resolve_git(&self, git: Git, log_name: String) -> Result<Option<String>, GatewayError> {
        if !self.capabilities().gateway_has(SOURCE_META) {
            return Ok(None);
        }
        let request = ResolveSourceMetaRequest {
            source: source(git)?,
            log_name,
            git: Some(ResolveSourceGitRequest::default()),
            ..ResolveSourceMetaRequest::default()
        };
        let answer: ResolveSourceMetaResponse = self.connection().call("ResolveSourceMeta", request).await?;
        let commit = answer.git.map(|git| match git.commit_checksum.is_empty() {
            true => git.checksum,
            false => git.commit_checksum,
        });
        Ok(commit.filter(|commit| !commit.is_empty()))
    }
}

/// The one vertex of a checkout, as it is in a graph.
fn source(git: Git) -> Result<Option<pb::SourceOp>, GatewayError> {
    let invalid = |cause: String| GatewayError::invalid(cause);
    let graph = Definition::new(&git.output(Meta::default())).map_err(|cause| invalid(cause.to_string()))?;
    let ops = graph.into_pb().def;
    let op = ops.first().map(|bytes| pb::Op::decode(bytes.as_slice()));
    let op = op.transpose().map_err(|cause| invalid(cause.to_string()))?;
    Ok(op.and_then(|op| match op.op {
        Some(pb::op::Op::Source(source)) => Some(source),
        _ => None,
    }))
}
