use std::collections::BTreeSet;

use crate::capability::Capability;
use crate::error::Fault;
use crate::meta::Meta;
use crate::output::Output;
use crate::pb;
use crate::vertex::{Draft, EMPTY, Inputs};

/// What was changed from `lower` to `upper`, as layers of its own (buildkit `client/llb/diff.go: Diff`).
///
/// What was changed from scratch is `upper` itself.
pub fn diff(lower: Option<Output>, upper: Option<Output>, meta: Meta) -> Option<Output> {
    match lower {
        Some(lower) => Some(Output::of(draft(&lower, upper.as_ref()), meta)),
        None => upper,
    }
}

fn draft(lower: &Output, upper: Option<&Output>) -> Result<Draft, Fault> {
    let mut inputs = Inputs::default();
    let lower = pb::LowerDiffInput {
        input: inputs.push(lower)?,
    };
    let upper = upper.map_or(Ok(EMPTY), |upper| inputs.push(upper))?;
    let diff = pb::DiffOp {
        lower: Some(lower),
        upper: Some(pb::UpperDiffInput { input: upper }),
    };
    Ok(Draft {
        kind: pb::op::Op::Diff(diff),
        inputs,
        by_platform: false,
        capabilities: BTreeSet::from([Capability::DIFF_OP]),
    })
}
