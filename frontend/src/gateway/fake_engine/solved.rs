//! A graph as the engine sees it: the op that makes the result, and what is said about it.

use std::collections::BTreeMap;

use bollard_buildkit_proto::pb;
use buildkit_llb::Digest;
use prost::Message;

/// One solved graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// Its handle.
    pub id: String,
    /// The key of its files.
    pub key: String,
    /// The name of the vertex that makes the result.
    pub name: String,
    /// The source attributes of that vertex, none where it is no source.
    pub attributes: BTreeMap<String, String>,
    /// The whole graph.
    pub definition: pb::Definition,
}

impl Solved {
    pub(super) fn new(id: String, definition: pb::Definition) -> Self {
        let target = definition
            .def
            .last()
            .map(|last| decode(last).inputs[0].digest.clone());
        let target = target.expect("a graph has a last op");
        let op = definition.def.iter().find(|op| Digest::of(op).as_str() == target);
        let op = decode(op.expect("the last op names another"));
        let description = &definition.metadata[&target].description;
        let name = description.get("llb.customname").cloned().unwrap_or_default();
        let (key, attributes) = match op.op {
            Some(pb::op::Op::Source(source)) => (key(&source.identifier), source.attrs),
            _ => (name.clone(), BTreeMap::new()),
        };
        Self {
            id,
            key,
            name,
            attributes,
            definition,
        }
    }

    /// The JSON list of an attribute.
    pub fn list(&self, attribute: &str) -> Vec<String> {
        self.attributes
            .get(attribute)
            .map(|list| serde_json::from_str(list).unwrap())
            .unwrap_or_default()
    }

    /// Whether the client would have sent `path`.
    pub(super) fn sends(&self, path: &str) -> bool {
        let follow = self.list("local.followpaths");
        let covers = |entry: &String| path == entry || path.starts_with(&format!("{entry}/"));
        follow.is_empty() || follow.iter().any(covers)
    }
}

fn key(identifier: &str) -> String {
    identifier
        .strip_prefix("local://")
        .unwrap_or(identifier)
        .to_owned()
}

fn decode(op: &[u8]) -> pb::Op {
    pb::Op::decode(op).unwrap()
}
