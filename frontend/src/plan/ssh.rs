//! The client's SSH agents in a step.

use super::{Mount, MountKind};
use crate::source::Spanned;

/// The agents, where Dockerfiles have them (buildkit `frontend/dockerfile/dockerfile2llb/convert_runmount.go`); the first is
/// `SSH_AUTH_SOCK`. The step does not run without them.
pub(super) fn agents(ids: &[Spanned<String>]) -> impl Iterator<Item = Mount> {
    ids.iter().enumerate().map(|(number, id)| Mount {
        path: format!("/run/buildkit/ssh_agent.{number}"),
        kind: MountKind::Ssh {
            id: id.value.clone(),
            optional: false,
        },
    })
}
