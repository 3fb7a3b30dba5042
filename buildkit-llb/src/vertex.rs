use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::capability::Capability;
use crate::digest::Digest;
use crate::error::{Error, Fault};
use crate::marshal;
use crate::meta::Meta;
use crate::output::Output;
use crate::pb;
use crate::source_map::Location;

/// The number of an input that is scratch (buildkit `solver/pb/const.go: Empty`).
pub(crate) const EMPTY: i64 = -1;

/// The number of an output that nobody can use (buildkit `solver/pb/const.go: SkipOutput`).
pub(crate) const SKIP_OUTPUT: i64 = -1;

/// A vertex of the graph, marshalled. Being made from marshalled inputs, it is marshalled once however often it is used.
#[derive(Debug)]
pub(crate) struct Vertex {
    /// The digest of `bytes`.
    pub(crate) digest: Digest,
    /// The op, as the daemon would write it.
    pub(crate) bytes: Vec<u8>,
    /// What is said about the op.
    pub(crate) metadata: pb::OpMetadata,
    /// The places that it comes from.
    pub(crate) locations: Vec<Location>,
    /// The vertices that it needs. Two of them may be one op with different metadata, so this is not the op's input list.
    pub(crate) inputs: Vec<Arc<Vertex>>,
}

/// An op of which only the metadata is missing.
pub(crate) struct Draft {
    /// The kind, with input numbers that `inputs` gave out.
    pub(crate) kind: pb::op::Op,
    /// The inputs.
    pub(crate) inputs: Inputs,
    /// Whether the op differs by platform.
    pub(crate) by_platform: bool,
    /// What the daemon must know.
    pub(crate) capabilities: BTreeSet<Capability>,
}

/// The inputs of an op, numbered as they are added.
#[derive(Default)]
pub(crate) struct Inputs {
    edges: Vec<pb::Input>,
    numbers: BTreeMap<(Digest, i64), i64>,
    vertices: Vec<Arc<Vertex>>,
}

impl Draft {
    /// The vertex of this op with its metadata.
    pub(crate) fn seal(self, meta: Meta) -> Arc<Vertex> {
        let metadata = meta.to_pb(&self.capabilities);
        let platform = meta.platform.filter(|_| self.by_platform);
        let bytes = marshal::encode(pb::Op {
            inputs: self.inputs.edges,
            platform: platform.map(Into::into),
            // Go always writes the empty message (buildkit client/llb/marshal.go: MarshalConstraints).
            constraints: Some(pb::WorkerConstraints::default()),
            op: Some(self.kind),
        });
        let (digest, inputs) = (Digest::of(&bytes), self.inputs.vertices);
        Arc::new(Vertex {
            digest,
            bytes,
            metadata,
            locations: meta.locations,
            inputs,
        })
    }
}

/// The vertex of a draft, or the draft's error with the place that the metadata knows.
pub(crate) fn seal(draft: Result<Draft, Fault>, meta: Meta) -> Result<Arc<Vertex>, Arc<Error>> {
    match draft {
        Ok(draft) => Ok(draft.seal(meta)),
        Err(fault) => Err(fault.at(meta)),
    }
}

impl Inputs {
    /// The number of this input, the same for the same input (buildkit `client/llb/exec.go`, `fileop.go: addInput`).
    pub(crate) fn add(&mut self, output: &Output) -> Result<i64, Fault> {
        let edge = output.edge()?;
        let key = (edge.vertex.digest.clone(), edge.index);
        self.vertices.push(Arc::clone(&edge.vertex));
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = count(&self.edges);
        self.edges.push(edge.to_pb());
        self.numbers.insert(key, number);
        Ok(number)
    }

    /// The number of a further input, even if it is there already (buildkit `client/llb/merge.go`, `diff.go`).
    pub(crate) fn push(&mut self, output: &Output) -> Result<i64, Fault> {
        let edge = output.edge()?;
        let number = count(&self.edges);
        self.edges.push(edge.to_pb());
        self.vertices.push(Arc::clone(&edge.vertex));
        Ok(number)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> i64 {
        count(&self.edges)
    }
}

fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

/// Dropping a long chain one inside the other would run out of stack, so the chain is taken apart here.
impl Drop for Vertex {
    fn drop(&mut self) {
        let mut orphans = std::mem::take(&mut self.inputs);
        while let Some(orphan) = orphans.pop() {
            if let Some(mut vertex) = Arc::into_inner(orphan) {
                orphans.append(&mut vertex.inputs);
            }
        }
    }
}
