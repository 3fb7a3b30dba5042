//! File: a list of file operations comes in, one vertex goes out. Each action works on the result of the one before,
//! the first on the base; nothing is run in a container, so the base needs no shell.

mod copy;
mod mkdir;
mod mkfile;
mod owner;
mod path;
mod rm;
mod symlink;

use std::collections::BTreeSet;

use crate::capability::Capability;
use crate::error::{Fault, Problem};
use crate::meta::Meta;
use crate::output::Output;
use crate::pb;
use crate::vertex::{Draft, EMPTY, Inputs, SKIP_OUTPUT};

pub(crate) use path::clean as clean_path;

pub use copy::Copy;
pub use mkdir::Mkdir;
pub use mkfile::Mkfile;
pub use owner::{Owner, OwnerRef};
pub use rm::Rm;
pub use symlink::Symlink;

/// File operations on a base (buildkit `client/llb/fileop.go`, `solver/pb/ops.proto: FileOp`).
#[derive(Clone, Debug, Default)]
pub struct File {
    /// What the first action works on; scratch if there is none.
    pub base: Option<Output>,
    /// The actions, in order.
    pub actions: Vec<Action>,
}

/// One file operation.
#[derive(Clone, Debug)]
pub enum Action {
    /// Copies files.
    Copy(Copy),
    /// Makes a directory.
    Mkdir(Mkdir),
    /// Makes a file.
    Mkfile(Mkfile),
    /// Removes files.
    Rm(Rm),
    /// Makes a symbolic link.
    Symlink(Symlink),
}

/// The time of a file that keeps the time of its making: the build is not reproducible then
/// (buildkit `client/llb/fileop.go: marshalTime`).
const NO_TIMESTAMP: i64 = -1;

impl File {
    /// What the last action leaves.
    pub fn output(self, meta: Meta) -> Output {
        Output::of(self.draft(), meta)
    }

    fn draft(self) -> Result<Draft, Fault> {
        if self.actions.is_empty() {
            return Err(Problem::NoActions.into());
        }
        let mut inputs = Inputs::default();
        let base = self.base.as_ref().map_or(Ok(EMPTY), |base| inputs.add(base))?;
        let mut lowering = Lowering {
            inputs,
            capabilities: BTreeSet::from([Capability::FILE_BASE]),
        };
        let lowered = self.actions.into_iter().map(|action| action.lower(&mut lowering));
        let mut actions: Vec<pb::FileAction> = lowered.collect::<Result<_, _>>()?;
        chain(&mut actions, base, lowering.inputs.len());
        let (kind, inputs) = (pb::op::Op::File(pb::FileOp { actions }), lowering.inputs);
        Ok(Draft {
            kind,
            inputs,
            by_platform: false,
            capabilities: lowering.capabilities,
        })
    }
}

/// What the actions of an op add up to.
struct Lowering {
    inputs: Inputs,
    capabilities: BTreeSet<Capability>,
}

impl Action {
    fn lower(self, lowering: &mut Lowering) -> Result<pb::FileAction, Fault> {
        match self {
            Self::Copy(copy) => copy.lower(lowering),
            Self::Mkdir(mkdir) => mkdir.lower(lowering),
            Self::Mkfile(mkfile) => mkfile.lower(lowering),
            Self::Rm(rm) => rm.lower(lowering),
            Self::Symlink(symlink) => symlink.lower(lowering),
        }
    }
}

/// Sets what each action works on. The result of action `i` has the number `inputs + i`; that of the last one is the
/// op's output (buildkit `client/llb/fileop.go: FileOp.Marshal`).
fn chain(actions: &mut [pb::FileAction], base: i64, inputs: i64) {
    for (action, before) in actions.iter_mut().zip(inputs - 1..) {
        action.input = if before < inputs { base } else { before };
        action.output = SKIP_OUTPUT;
    }
    if let Some(last) = actions.last_mut() {
        last.output = 0;
    }
}

/// An action without a second input.
fn action(kind: pb::file_action::Action) -> pb::FileAction {
    pb::FileAction {
        secondary_input: EMPTY,
        action: Some(kind),
        ..pb::FileAction::default()
    }
}

/// Permission bits up to `most`.
fn mode(path: &str, mode: u32, most: u32) -> Result<i32, Problem> {
    let valid = i32::try_from(mode).ok().filter(|_| mode <= most);
    valid.ok_or_else(|| Problem::Mode {
        path: path.to_owned(),
        mode,
    })
}
