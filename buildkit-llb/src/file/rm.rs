use super::{Lowering, action, path};
use crate::capability::Capability;
use crate::error::Fault;
use crate::pb;

/// Removes a file or a directory with all that is in it (buildkit `solver/pb/ops.proto: FileActionRm`).
#[derive(Clone, Debug, Default)]
pub struct Rm {
    /// The path, absolute.
    pub path: String,
    /// Whether there may be nothing.
    pub allow_not_found: bool,
    /// Whether the path is a pattern.
    pub allow_wildcard: bool,
}

impl Rm {
    pub(super) fn lower(self, lowering: &mut Lowering) -> Result<pb::FileAction, Fault> {
        let wildcard = self.allow_wildcard.then_some(Capability::FILE_RM_WILDCARD);
        lowering.capabilities.extend(wildcard);
        let rm = pb::FileActionRm {
            path: path::absolute("the path to remove", &self.path)?,
            allow_not_found: self.allow_not_found,
            allow_wildcard: self.allow_wildcard,
        };
        Ok(action(pb::file_action::Action::Rm(rm)))
    }
}
