use std::collections::BTreeMap;
use std::sync::Arc;

use super::Exec;
use crate::error::Error;
use crate::output::Output;
use crate::vertex::Vertex;

/// The path of the root mount (buildkit `solver/pb/const.go: RootMount`).
pub(super) const ROOT: &str = "/";

/// The file systems that a command leaves behind.
#[derive(Clone, Debug)]
pub struct ExecOutputs {
    vertex: Result<Arc<Vertex>, Arc<Error>>,
    indexes: BTreeMap<String, i64>,
}

impl ExecOutputs {
    /// The outputs with these numbers, by destination.
    pub(super) fn new(vertex: Result<Arc<Vertex>, Arc<Error>>, indexes: BTreeMap<String, i64>) -> Self {
        Self { vertex, indexes }
    }

    /// The root as the command leaves it; none if the root is read-only.
    pub fn root(&self) -> Option<Output> {
        self.mount(ROOT)
    }

    /// The mount with this destination as the command leaves it; none if it is not an output.
    pub fn mount(&self, dest: &str) -> Option<Output> {
        self.indexes
            .get(dest)
            .map(|index| Output::at(&self.vertex, *index))
    }
}

/// The output numbers by destination: outputs are numbered in the order of their destinations
/// (buildkit `client/llb/exec.go: getMountIndexFn`).
pub(super) fn indexes(exec: &Exec) -> BTreeMap<String, i64> {
    let root = (!exec.root.readonly).then_some(ROOT);
    let mounts = exec
        .mounts
        .iter()
        .filter(|mount| mount.kind.is_output())
        .map(|mount| mount.dest.as_str());
    let dests: BTreeMap<&str, ()> = root.into_iter().chain(mounts).map(|dest| (dest, ())).collect();
    dests
        .into_keys()
        .zip(0..)
        .map(|(dest, index)| (dest.to_owned(), index))
        .collect()
}
