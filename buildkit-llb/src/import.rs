use std::collections::BTreeMap;
use std::sync::Arc;

use prost::Message;

use crate::definition::{self, Definition};
use crate::digest::Digest;
use crate::error::{Error, Problem};
use crate::output::{Edge, Output};
use crate::pb;
use crate::source_map::{Location, SourceInfo};
use crate::vertex::Vertex;

/// The result of a foreign definition as an output of this graph (buildkit `client/llb/definition.go: NewDefinitionOp`).
pub(crate) fn import(definition: &pb::Definition) -> Result<Option<Output>, Error> {
    let Some(target) = definition::target(definition)? else {
        return Ok(None);
    };
    let ops = ops(definition)?;
    let mut locations = locations(definition.source.as_ref())?;
    let mut made = BTreeMap::new();
    for digest in topological(&ops, &target.digest)? {
        let metadata = definition.metadata.get(digest).cloned().unwrap_or_default();
        let locations = locations.remove(digest).unwrap_or_default();
        made.insert(digest, vertex(digest, &ops, &made, metadata, locations));
    }
    Ok(made.remove(target.digest.as_str()).map(|vertex| {
        Edge {
            vertex,
            index: target.index,
        }
        .into()
    }))
}

/// An op of the definition: its bytes, untouched, and the digests of its inputs.
struct Op<'a> {
    bytes: &'a [u8],
    inputs: Vec<String>,
}

fn ops(definition: &pb::Definition) -> Result<BTreeMap<String, Op<'_>>, Error> {
    definition
        .def
        .iter()
        .map(|bytes| Ok((Digest::of(bytes).to_string(), op(bytes)?)))
        .collect()
}

fn op(bytes: &[u8]) -> Result<Op<'_>, Error> {
    let op = pb::Op::decode(bytes).map_err(|error| Problem::Foreign(error.to_string()))?;
    match op.inputs.iter().find(|input| input.index < 0) {
        Some(input) => Err(foreign(format!("an op has the input index {}", input.index))),
        None => Ok(Op {
            bytes,
            inputs: op.inputs.into_iter().map(|input| input.digest).collect(),
        }),
    }
}

/// The digests that `head` needs, itself last, inputs first. Definitions mostly come in that order, but need not.
fn topological<'a>(ops: &'a BTreeMap<String, Op<'_>>, head: &str) -> Result<Vec<&'a str>, Error> {
    let mut order = Vec::new();
    let mut seen = BTreeMap::new();
    let mut open = vec![(entry(ops, head)?, 0)];
    while let Some(((digest, op), next)) = open.last_mut() {
        let Some(input) = op.inputs.get(*next) else {
            order.push(*digest);
            open.pop();
            continue;
        };
        *next += 1;
        if seen.insert(input.as_str(), ()).is_none() {
            open.push((entry(ops, input)?, 0));
        }
    }
    Ok(order)
}

fn entry<'a, 'b>(ops: &'a BTreeMap<String, Op<'b>>, digest: &str) -> Result<(&'a str, &'a Op<'b>), Error> {
    let found = ops
        .get_key_value(digest)
        .map(|(digest, op)| (digest.as_str(), op));
    found.ok_or_else(|| foreign(format!("the op {digest} is missing")))
}

fn vertex(
    digest: &str,
    ops: &BTreeMap<String, Op<'_>>,
    made: &BTreeMap<&str, Arc<Vertex>>,
    metadata: pb::OpMetadata,
    locations: Vec<Location>,
) -> Arc<Vertex> {
    let (bytes, inputs) = match ops.get(digest) {
        Some(op) => (op.bytes.to_vec(), op.inputs.as_slice()),
        None => Default::default(),
    };
    let inputs = inputs
        .iter()
        .filter_map(|input| made.get(input.as_str()))
        .cloned()
        .collect();
    Arc::new(Vertex {
        digest: Digest::from_wire(digest),
        bytes,
        metadata,
        locations,
        inputs,
    })
}

fn locations(source: Option<&pb::Source>) -> Result<BTreeMap<String, Vec<Location>>, Error> {
    let Some(source) = source else {
        return Ok(BTreeMap::new());
    };
    let infos = source.infos.iter().map(info).collect::<Result<Vec<_>, _>>()?;
    let located = |(digest, found): (&String, &pb::Locations)| {
        let locations = found.locations.iter().map(|found| location(found, &infos));
        Ok((digest.clone(), locations.collect::<Result<_, _>>()?))
    };
    source.locations.iter().map(located).collect()
}

fn info(info: &pb::SourceInfo) -> Result<Arc<SourceInfo>, Error> {
    Ok(Arc::new(SourceInfo {
        filename: info.filename.clone(),
        data: info.data.clone(),
        language: info.language.clone(),
        definition: info.definition.clone().map(Definition::from_pb).transpose()?,
    }))
}

fn location(location: &pb::Location, infos: &[Arc<SourceInfo>]) -> Result<Location, Error> {
    let index = usize::try_from(location.source_index).ok();
    match index.and_then(|index| infos.get(index)) {
        Some(source) => Ok(Location {
            source: Arc::clone(source),
            ranges: location.ranges.iter().map(Into::into).collect(),
        }),
        None => Err(foreign(format!(
            "a location names the file {}",
            location.source_index
        ))),
    }
}

fn foreign(reason: String) -> Error {
    Problem::Foreign(reason).into()
}
