//! Who may read a repository.

use super::refusal::Refusal;

/// Who may read a repository. The tokens are those that may; they need no `hf_` in front.
#[derive(Debug, Clone, Default)]
pub enum Access {
    /// Everybody.
    #[default]
    Open,
    /// Everybody may see what there is; the files are for those who were let in.
    Gated(Vec<String>),
    /// For everybody else it does not exist.
    Private(Vec<String>),
    /// Nobody: the hub has closed it.
    Disabled,
}

/// What is wanted of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What there is.
    List,
    /// The bytes.
    Files,
}

impl Access {
    /// Gated, with these tokens let in.
    pub fn gated(tokens: &[&str]) -> Self {
        Self::Gated(owned(tokens))
    }

    /// Private, and these tokens see it.
    pub fn private(tokens: &[&str]) -> Self {
        Self::Private(owned(tokens))
    }

    pub(super) fn tokens(&self) -> impl Iterator<Item = &str> {
        let tokens: &[String] = match self {
            Self::Gated(tokens) | Self::Private(tokens) => tokens,
            Self::Open | Self::Disabled => &[],
        };
        tokens.iter().map(String::as_str)
    }

    /// Lets somebody with this token in, who is known to the hub, or says why not.
    pub(super) fn check(&self, repository: &str, token: Option<&str>, wanted: Wanted) -> Result<(), Refusal> {
        let listed = token.is_some_and(|token| self.tokens().any(|known| known == token));
        match self {
            Self::Open => Ok(()),
            Self::Disabled => Err(Refusal::Disabled),
            _ if listed => Ok(()),
            Self::Gated(_) if wanted == Wanted::List => Ok(()),
            Self::Gated(_) => Err(Refusal::Gated {
                repository: repository.to_owned(),
                known: token.is_some(),
            }),
            Self::Private(_) => Err(Refusal::Repository {
                known: token.is_some(),
            }),
        }
    }

    /// What the hub says of it in `gated`.
    pub(super) fn gate(&self) -> serde_json::Value {
        match self {
            Self::Gated(_) => "manual".into(),
            _ => false.into(),
        }
    }
}

fn owned(tokens: &[&str]) -> Vec<String> {
    tokens.iter().map(|&token| token.to_owned()).collect()
}
