use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use prost::Message;

use crate::capability::Capability;
use crate::digest::Digest;
use crate::dump;
use crate::error::{Error, Problem};
use crate::marshal;
use crate::meta;
use crate::output::{Edge, Output};
use crate::pb;
use crate::source_map::SourceMap;
use crate::vertex::Vertex;

/// A graph as a daemon takes it: ops in dependency order, metadata and source locations by digest
/// (buildkit `solver/pb/ops.proto: Definition`, `client/llb/state.go: State.Marshal`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definition {
    pb: pb::Definition,
    head: Option<Digest>,
}

impl Definition {
    /// The definition of everything that this output needs. `None` is scratch, whose definition is empty.
    ///
    /// # Errors
    /// The first invalid vertex that the output needs.
    pub fn new<'a>(output: impl Into<Option<&'a Output>>) -> Result<Self, Error> {
        match output.into() {
            Some(output) => output.edge().map(Self::of).map_err(|error| Error::clone(error)),
            None => Ok(Self::default()),
        }
    }

    /// A definition from its encoded form.
    ///
    /// # Errors
    /// [`Problem::Foreign`] if the bytes are no definition.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_pb(pb::Definition::decode(bytes).map_err(|error| Problem::Foreign(error.to_string()))?)
    }

    /// A definition from its message.
    ///
    /// # Errors
    /// [`Problem::Foreign`] if the last op does not name the result.
    pub fn from_pb(definition: pb::Definition) -> Result<Self, Error> {
        let head = target(&definition)?.map(|input| Digest::from_wire(&input.digest));
        Ok(Self { pb: definition, head })
    }

    /// The encoded form.
    pub fn encode(&self) -> Vec<u8> {
        self.pb.encode_to_vec()
    }

    /// The message.
    pub fn as_pb(&self) -> &pb::Definition {
        &self.pb
    }

    /// The message.
    pub fn into_pb(self) -> pb::Definition {
        self.pb
    }

    /// The digest of the vertex that the definition is for; scratch has none.
    pub fn digest(&self) -> Option<&Digest> {
        self.head.as_ref()
    }

    /// The ids of all capabilities that a daemon needs for this graph, those of imported definitions included.
    /// [`Capability::find`] says more about those that this crate knows.
    pub fn capabilities(&self) -> BTreeSet<&str> {
        self.pb
            .metadata
            .values()
            .flat_map(|metadata| metadata.caps.keys())
            .map(String::as_str)
            .collect()
    }

    /// The graph as text, for people and snapshots: short names for vertices, no digests. A change of this text in a
    /// snapshot is a change of the build.
    pub fn dump(&self) -> String {
        dump::dump(self)
    }

    /// The same for programs: an object with `vertices`, `result` and `needs`, all of them empty for scratch.
    pub fn json(&self) -> serde_json::Value {
        dump::json(self)
    }

    fn of(head: &Edge) -> Self {
        let mut definition = pb::Definition::default();
        let mut sources = SourceMap::default();
        for vertex in marshal::topological(&head.vertex) {
            sources.add(&vertex.digest, &vertex.locations);
            add(&mut definition, vertex);
        }
        finish(&mut definition, head);
        definition.source = sources.into_pb();
        Self {
            pb: definition,
            head: Some(head.vertex.digest.clone()),
        }
    }
}

/// What the last op of a definition names: the definition's result.
pub(crate) fn target(definition: &pb::Definition) -> Result<Option<pb::Input>, Error> {
    let Some(last) = definition.def.last() else {
        return Ok(None);
    };
    let op = pb::Op::decode(last.as_slice()).map_err(|error| Problem::Foreign(error.to_string()))?;
    match op.inputs.into_iter().next() {
        Some(input) => Ok(Some(input)),
        None => Err(Problem::Foreign("its last op has no input".to_owned()).into()),
    }
}

/// One op stands for all vertices with its digest; what they say about it is joined.
fn add(definition: &mut pb::Definition, vertex: &Vertex) {
    match definition.metadata.entry(vertex.digest.to_string()) {
        Entry::Occupied(mut known) => meta::absorb(known.get_mut(), &vertex.metadata),
        Entry::Vacant(entry) => {
            entry.insert(vertex.metadata.clone());
            definition.def.push(vertex.bytes.clone());
        }
    }
}

/// The last op names the result and says which metadata the definition uses (buildkit `client/llb/state.go`).
fn finish(definition: &mut pb::Definition, head: &Edge) {
    let bytes = marshal::encode(pb::Op {
        inputs: vec![head.to_pb()],
        ..pb::Op::default()
    });
    let caps = meta::capability_map(&metadata_capabilities(&definition.metadata));
    let metadata = pb::OpMetadata {
        caps,
        ..pb::OpMetadata::default()
    };
    definition
        .metadata
        .insert(Digest::of(&bytes).to_string(), metadata);
    definition.def.push(bytes);
}

fn metadata_capabilities(metadata: &BTreeMap<String, pb::OpMetadata>) -> BTreeSet<Capability> {
    let uses = |used: fn(&pb::OpMetadata) -> bool| metadata.values().any(used);
    let optional = [
        (
            Capability::META_IGNORE_CACHE,
            uses(|metadata| metadata.ignore_cache),
        ),
        (
            Capability::META_DESCRIPTION,
            uses(|metadata| !metadata.description.is_empty()),
        ),
        (
            Capability::META_EXPORT_CACHE,
            uses(|metadata| metadata.export_cache.is_some()),
        ),
    ];
    let used = optional
        .into_iter()
        .filter(|(_, used)| *used)
        .map(|(capability, _)| capability);
    used.chain([Capability::CONSTRAINTS, Capability::PLATFORM])
        .collect()
}
