//! A registry's no to who asks, by what helps.

use serde::{Deserialize, Serialize};

/// Why a registry does not show a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Closed {
    /// It wants a login, and has seen none.
    Login,
    /// It does not know the login.
    Wrong,
    /// It knows the login, which may not read this.
    Forbidden,
}

impl Closed {
    /// What is wrong.
    pub fn sentence(self, registry: &str, repository: &str) -> String {
        match self {
            Self::Login => format!("{registry} shows `{repository}` only to who logs in"),
            Self::Wrong => format!("{registry} does not take this login"),
            Self::Forbidden => format!("{registry} does not show `{repository}` to this login"),
        }
    }

    /// What to do, wherever it is seen.
    pub fn fix(self) -> &'static str {
        match self {
            Self::Login => {
                "give `USER:PASSWORD`, or the file that `docker login` writes, as the secret that the model's `token` names; \
                 registries say this also of what they do not have"
            }
            Self::Wrong => {
                "try the secret with `docker login`; most registries want an access token as the password"
            }
            Self::Forbidden => {
                "let its account pull from the repository, or compare the name with what is there"
            }
        }
    }
}
