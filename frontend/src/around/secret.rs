//! Secrets, as other systems name them.

use serde::Serialize;

use super::Target;
use crate::check::{Deliver, ModelSource};

/// A secret, and the variable that people keep it in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Secret {
    pub id: String,
    pub variable: String,
}

impl Secret {
    /// `hf_token` is in `HF_TOKEN`.
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            variable: id
                .to_ascii_uppercase()
                .replace(|c: char| !c.is_ascii_alphanumeric(), "_"),
        }
    }
}

/// The secrets of a build.
pub(super) fn of_build(target: &Target) -> Vec<Secret> {
    target.checked.secrets.keys().map(|id| Secret::new(id)).collect()
}

/// The secrets of a container: what opens the sources of models that it fetches, and the token that is looked for when it starts.
pub(super) fn of_container(target: &Target) -> Vec<Secret> {
    let fetched = target
        .checked
        .models
        .iter()
        .filter(|model| model.deliver == Deliver::Fetch);
    let ids = fetched.flat_map(|model| match &model.source {
        ModelSource::Files { token, .. } => token.iter().collect(),
        ModelSource::Listed(listed) => listed.origin.secrets(),
        ModelSource::Image(_) => Vec::new(),
    });
    let mut secrets: Vec<Secret> = ids.map(|id| Secret::new(id)).collect();
    secrets.extend(wants_token(target).then(|| Secret::new(HUB_TOKEN)));
    secrets.sort();
    secrets.dedup();
    secrets
}

/// Whether the program itself wants the hub's token.
pub(super) fn wants_token(target: &Target) -> bool {
    target
        .checked
        .preflight
        .as_ref()
        .is_some_and(|preflight| preflight.hf_token)
}

/// The name of the hub's token among secrets.
pub(super) const HUB_TOKEN: &str = "hf_token";
/// Where containers find secrets: compose and the fetcher agree on it.
pub(super) const FOLDER: &str = "/run/secrets";
