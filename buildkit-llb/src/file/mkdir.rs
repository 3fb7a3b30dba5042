use super::{Lowering, NO_TIMESTAMP, Owner, action, mode, path};
use crate::error::Fault;
use crate::pb;

/// Makes a directory; one that is there already is left as it is (buildkit `solver/pb/ops.proto: FileActionMkDir`).
#[derive(Clone, Debug, Default)]
pub struct Mkdir {
    /// The directory's path, absolute.
    pub path: String,
    /// The permission bits, up to 0o777.
    pub mode: u32,
    /// Whether missing directories above it are made.
    pub make_parents: bool,
    /// Who owns it; root by default.
    pub owner: Option<Owner>,
    /// Its time, in nanoseconds since 1970; the time of the build by default.
    pub timestamp: Option<i64>,
}

impl Mkdir {
    pub(super) fn lower(self, lowering: &mut Lowering) -> Result<pb::FileAction, Fault> {
        let mkdir = pb::FileActionMkDir {
            path: path::absolute("the path of a directory", &self.path)?,
            mode: mode(&self.path, self.mode, 0o777)?,
            make_parents: self.make_parents,
            owner: self
                .owner
                .map(|owner| owner.lower(&mut lowering.inputs))
                .transpose()?,
            timestamp: self.timestamp.unwrap_or(NO_TIMESTAMP),
        };
        Ok(action(pb::file_action::Action::Mkdir(mkdir)))
    }
}
