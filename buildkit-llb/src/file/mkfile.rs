use super::{Lowering, NO_TIMESTAMP, Owner, action, mode, path};
use crate::error::Fault;
use crate::pb;

/// Makes a file (buildkit `solver/pb/ops.proto: FileActionMkFile`). The data is part of the op: keep it small.
#[derive(Clone, Debug, Default)]
pub struct Mkfile {
    /// The file's path, absolute.
    pub path: String,
    /// The permission bits, up to 0o777.
    pub mode: u32,
    /// What is in it.
    pub data: Vec<u8>,
    /// Who owns it; root by default.
    pub owner: Option<Owner>,
    /// Its time, in nanoseconds since 1970; the time of the build by default.
    pub timestamp: Option<i64>,
}

impl Mkfile {
    pub(super) fn lower(self, lowering: &mut Lowering) -> Result<pb::FileAction, Fault> {
        let mkfile = pb::FileActionMkFile {
            path: path::absolute("the path of a file", &self.path)?,
            mode: mode(&self.path, self.mode, 0o777)?,
            data: self.data,
            owner: self
                .owner
                .map(|owner| owner.lower(&mut lowering.inputs))
                .transpose()?,
            timestamp: self.timestamp.unwrap_or(NO_TIMESTAMP),
        };
        Ok(action(pb::file_action::Action::Mkfile(mkfile)))
    }
}
