use std::collections::BTreeSet;

use crate::capability::Capability;
use crate::error::Fault;
use crate::meta::Meta;
use crate::output::Output;
use crate::pb;
use crate::vertex::{Draft, Inputs};

/// The inputs laid one over the other, the later above the earlier, without copying: each keeps its own layers
/// (buildkit `client/llb/merge.go: Merge`).
///
/// Scratch adds nothing and is left out; one input alone is the result; none is scratch.
pub fn merge<I>(inputs: I, meta: Meta) -> Option<Output>
where
    I: IntoIterator,
    I::Item: Into<Option<Output>>,
{
    let inputs: Vec<Output> = inputs.into_iter().filter_map(Into::into).collect();
    match inputs.len() {
        0 | 1 => inputs.into_iter().next(),
        _ => Some(Output::of(draft(&inputs), meta)),
    }
}

fn draft(layers: &[Output]) -> Result<Draft, Fault> {
    let mut inputs = Inputs::default();
    let numbered = layers
        .iter()
        .map(|layer| inputs.push(layer).map(|input| pb::MergeInput { input }));
    let merge = pb::MergeOp {
        inputs: numbered.collect::<Result<_, _>>()?,
    };
    Ok(Draft {
        kind: pb::op::Op::Merge(merge),
        inputs,
        by_platform: false,
        capabilities: BTreeSet::from([Capability::MERGE_OP]),
    })
}
