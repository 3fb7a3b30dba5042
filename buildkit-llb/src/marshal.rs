use std::collections::BTreeSet;
use std::sync::Arc;

use prost::Message;

use crate::pb;
use crate::vertex::Vertex;

/// The bytes of an op as the daemon itself would write them.
///
/// The daemon decodes each op, marshals it again with Go's deterministic marshaller and names the vertex by the digest
/// of *those* bytes (buildkit `solver/llbsolver/vertex.go: recomputeDigests`, `solver/pb/ops.go`). Go writes the fields
/// of a `oneof` after all others (`google.golang.org/protobuf/internal/order: LegacyFieldOrder`), prost writes by
/// number: for `Op`, whose kind has the numbers 2 to 8 and is followed by `platform` and `constraints`, that differs.
/// In every other message of an op the `oneof` comes last by number too.
pub(crate) fn encode(mut op: pb::Op) -> Vec<u8> {
    let kind = op.op.take();
    let mut bytes = op.encode_to_vec();
    bytes.extend(
        pb::Op {
            op: kind,
            ..pb::Op::default()
        }
        .encode_to_vec(),
    );
    bytes
}

/// The vertices that `head` needs, itself last, inputs before users, each once.
///
/// The walk keeps its own stack: a chain may be longer than the thread's stack is deep.
pub(crate) fn topological(head: &Arc<Vertex>) -> Vec<&Vertex> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::from([Arc::as_ptr(head)]);
    let mut open: Vec<(&Vertex, usize)> = vec![(head, 0)];
    while let Some((vertex, next)) = open.last_mut() {
        let Some(input) = vertex.inputs.get(*next) else {
            order.push(*vertex);
            open.pop();
            continue;
        };
        *next += 1;
        if seen.insert(Arc::as_ptr(input)) {
            open.push((input, 0));
        }
    }
    order
}
