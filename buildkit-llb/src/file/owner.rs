use crate::error::{Fault, Problem};
use crate::output::Output;
use crate::pb;
use crate::vertex::Inputs;

/// Who owns a new file; root where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct Owner {
    /// The user.
    pub user: Option<OwnerRef>,
    /// The group.
    pub group: Option<OwnerRef>,
}

/// A user or a group.
#[derive(Clone, Debug)]
pub enum OwnerRef {
    /// By number.
    Id(u32),
    /// By name.
    Name {
        /// The name.
        name: String,
        /// The file system whose `/etc/passwd` or `/etc/group` knows the name.
        from: Output,
    },
}

impl Owner {
    /// The owner as an action has it.
    pub(super) fn lower(self, inputs: &mut Inputs) -> Result<pb::ChownOpt, Fault> {
        let mut lower = |owner: Option<OwnerRef>| owner.map(|owner| owner.lower(inputs)).transpose();
        Ok(pb::ChownOpt {
            user: lower(self.user)?,
            group: lower(self.group)?,
        })
    }
}

impl OwnerRef {
    fn lower(self, inputs: &mut Inputs) -> Result<pb::UserOpt, Fault> {
        let user = match self {
            Self::Id(id) => pb::user_opt::User::ById(id),
            Self::Name { name, .. } if name.is_empty() => {
                return Err(Problem::Unnamed("the name of an owner").into());
            }
            Self::Name { name, from } => pb::user_opt::User::ByName(pb::NamedUserOpt {
                name,
                input: inputs.add(&from)?,
            }),
        };
        Ok(pb::UserOpt { user: Some(user) })
    }
}
