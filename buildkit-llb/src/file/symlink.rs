use super::{Lowering, NO_TIMESTAMP, Owner, action, path};
use crate::capability::Capability;
use crate::error::{Fault, Problem};
use crate::pb;

/// Makes a symbolic link (buildkit `solver/pb/ops.proto: FileActionSymlink`).
#[derive(Clone, Debug, Default)]
pub struct Symlink {
    /// What the link points to, as it is written into the link.
    pub oldpath: String,
    /// The link's own path, absolute.
    pub newpath: String,
    /// Who owns the link; root by default.
    pub owner: Option<Owner>,
    /// The link's time, in nanoseconds since 1970; the time of the build by default.
    pub timestamp: Option<i64>,
}

impl Symlink {
    pub(super) fn lower(self, lowering: &mut Lowering) -> Result<pb::FileAction, Fault> {
        if self.oldpath.is_empty() {
            return Err(Problem::Unnamed("the target of a symbolic link").into());
        }
        lowering.capabilities.insert(Capability::FILE_SYMLINK_CREATE);
        let symlink = pb::FileActionSymlink {
            oldpath: self.oldpath,
            newpath: path::absolute("the path of a symbolic link", &self.newpath)?,
            owner: self
                .owner
                .map(|owner| owner.lower(&mut lowering.inputs))
                .transpose()?,
            timestamp: self.timestamp.unwrap_or(NO_TIMESTAMP),
        };
        Ok(action(pb::file_action::Action::Symlink(symlink)))
    }
}
