//! Variables that a container finds its token and its cache by.

use serde::Serialize;

use super::Target;
use super::secret::{FOLDER, HUB_TOKEN, wants_token};
use super::storage::HUB_HOME;

/// A variable; its value is YAML already.
#[derive(Debug, Serialize)]
pub(super) struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// What the program of a target needs that its image does not say.
pub(super) fn environment(target: &Target) -> Vec<Variable> {
    let mut variables = Vec::new();
    if target
        .checked
        .preflight
        .as_ref()
        .is_some_and(|preflight| preflight.hf_home)
    {
        variables.push(Variable {
            name: "HF_HOME",
            value: HUB_HOME.into(),
        });
    }
    if wants_token(target) {
        variables.push(Variable {
            name: "HF_TOKEN_PATH",
            value: format!("{FOLDER}/{HUB_TOKEN}"),
        });
    }
    variables
}
