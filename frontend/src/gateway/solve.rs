//! `Solve`: a graph goes to the engine, a handle on its result comes back.

use bollard_buildkit_proto::moby::buildkit::v1::frontend::{
    self as proto, CacheOptionsEntry, SolveRequest, SolveResponse, result,
};
use buildkit_llb::Definition;

use super::Gateway;
use super::capability::SOLVE_EVALUATE;
use super::error::{ErrorKind, GatewayError};
use crate::options::CacheImport;

/// A handle on the filesystem that a graph makes; the engine keeps it until the frontend ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ref {
    pub(super) id: String,
}

impl Ref {
    /// The filesystem without any file: the result of a graph without vertices.
    pub fn scratch() -> Self {
        Self::default()
    }

    /// Whether this is the filesystem without any file.
    pub fn is_scratch(&self) -> bool {
        self.id.is_empty()
    }
}

impl Gateway {
    /// Hands a graph to the engine.
    ///
    /// Work starts when a file of the result is read, when the result is returned, or at once with `evaluate`. Fails
    /// before anything is sent where the engine lacks a capability that the graph needs. A graph of scratch is not sent.
    pub async fn solve(&self, definition: &Definition, evaluate: bool) -> Result<Ref, GatewayError> {
        for id in definition.capabilities() {
            self.capabilities().require(id)?;
        }
        if definition.digest().is_none() {
            return Ok(Ref::scratch());
        }
        let at_once = evaluate && self.capabilities().gateway_has(SOLVE_EVALUATE);
        let answer: SolveResponse = self
            .connection
            .call("Solve", self.solve_request(definition, at_once))
            .await?;
        let solved = only_ref(answer)?;
        if evaluate && !at_once {
            self.evaluate(&solved).await?;
        }
        Ok(solved)
    }

    fn solve_request(&self, definition: &Definition, evaluate: bool) -> SolveRequest {
        SolveRequest {
            definition: Some(definition.as_pb().clone()),
            // Without these two the engine answers in a shape that is deprecated (gateway.go, `Solve`).
            allow_result_return: true,
            allow_result_array_ref: true,
            cache_imports: self.shared.cache_imports.iter().map(cache_entry).collect(),
            evaluate,
            ..SolveRequest::default()
        }
    }
}

fn cache_entry(import: &CacheImport) -> CacheOptionsEntry {
    CacheOptionsEntry {
        r#type: import.kind.clone(),
        attrs: import.attributes.clone().into_iter().collect(),
    }
}

fn only_ref(answer: SolveResponse) -> Result<Ref, GatewayError> {
    let id = match answer.result.and_then(|result| result.result) {
        None => answer.r#ref,
        Some(result::Result::Ref(proto::Ref { id, .. }) | result::Result::RefDeprecated(id)) => id,
        Some(result::Result::Refs(_) | result::Result::RefsDeprecated(_)) => {
            return Err(GatewayError::new(
                ErrorKind::Engine,
                "the engine answered one graph with several results",
            ));
        }
    };
    Ok(Ref { id })
}
