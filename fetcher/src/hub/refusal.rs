//! What a hub's no means, and what to do about it.

use serde::{Deserialize, Serialize};

use super::{Hub, Repository};

/// Why a hub does not give something. Each has one sentence and one fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Refusal {
    /// The repository asks for a licence to be accepted, and nobody said who asks.
    Gated,
    /// The account of the token has not been let in.
    Forbidden,
    /// There is no such repository, or it is private and nobody said who asks: the hub does not tell which.
    Hidden,
    /// There is no such repository for the account of the token.
    Missing,
    /// The repository has no such branch, tag or commit.
    Revision,
    /// The commit has no such file.
    File,
    /// The hub has closed the repository.
    Disabled,
    /// The token is none, or is no longer valid.
    Token,
    /// Too many requests.
    Limited {
        /// Seconds until the hub answers again, where it says.
        seconds: Option<u64>,
    },
    /// The hub is in trouble, or speaks another language.
    Status(u16),
}

/// What was asked for, for the words.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The hub.
    pub hub: &'a Hub,
    /// The repository.
    pub repository: &'a Repository,
    /// The revision, as the user wrote it.
    pub revision: &'a str,
    /// The file, when one was asked for.
    pub file: Option<&'a str>,
}

/// The header's text of a repository that the hub has closed (`hf_raise_for_status` of huggingface_hub).
const DISABLED: &str = "Access to this resource is disabled.";
/// The header's text of a token that the hub does not know.
const BAD_TOKEN: &str = "Invalid credentials in Authorization header";

impl Refusal {
    /// Reads a status that is no success, with the headers `X-Error-Code` and `X-Error-Message` where there were any.
    pub fn read(status: u16, code: Option<&str>, message: Option<&str>, with_token: bool) -> Self {
        let message = message.unwrap_or_default();
        match (code.unwrap_or_default(), status) {
            _ if message.trim() == DISABLED => Self::Disabled,
            ("RevisionNotFound", _) => Self::Revision,
            ("EntryNotFound", _) => Self::File,
            ("GatedRepo", _) if with_token => Self::Forbidden,
            ("GatedRepo", _) => Self::Gated,
            (_, 401) if message.starts_with(BAD_TOKEN) => Self::Token,
            ("RepoNotFound", _) | (_, 401) if with_token => Self::Missing,
            ("RepoNotFound", _) | (_, 401) => Self::Hidden,
            (_, 403) if with_token => Self::Forbidden,
            (_, 403) => Self::Gated,
            (_, 404) => Self::Missing,
            (_, 429) => Self::Limited { seconds: None },
            _ => Self::Status(status),
        }
    }

    /// Whether the same request may be answered later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Limited { .. } => true,
            Self::Status(status) => matches!(status, 408 | 425 | 500..),
            _ => false,
        }
    }

    /// What is wrong: lower case, no full stop, one line.
    pub fn sentence(&self, asked: Asked) -> String {
        let Asked {
            hub,
            repository,
            revision,
            ..
        } = asked;
        let host = hub.host();
        match self {
            Self::Gated => format!("`{repository}` is given only to people who accepted its licence"),
            Self::Forbidden => format!("the account of this token may not read `{repository}`"),
            Self::Hidden => format!("{host} has no public model `{repository}`: it is misspelt, or private"),
            Self::Missing => format!("{host} has no model `{repository}`"),
            Self::Revision => format!("`{repository}` has no branch, tag or commit `{revision}`"),
            Self::File => match asked.file {
                Some(file) => format!("`{repository}` has no file `{file}` at `{revision}`"),
                None => format!("`{repository}` does not have this file at `{revision}`"),
            },
            Self::Disabled => format!("{host} has closed `{repository}`"),
            Self::Token => format!("{host} does not know this token"),
            Self::Limited { .. } => format!("{host} has had too many requests from this address"),
            Self::Status(status) => format!("{host} does not answer for `{repository}` (status {status})"),
        }
    }

    /// What to do, the same way. `secret` is the id of the secret whose token was sent.
    pub fn fix(&self, asked: Asked, secret: Option<&str>) -> String {
        let page = asked.hub.page(asked.repository);
        match (self, secret) {
            (Self::Gated, _) => format!(
                "accept the licence at {page}, write `token: hf_token`, and build with `--secret id=hf_token,src=$HOME/.cache/huggingface/token`"
            ),
            (Self::Forbidden, _) => format!(
                "ask for access at {page} with the account of the token; a fine-grained token also needs the right to read gated repositories"
            ),
            (Self::Hidden, _) => format!(
                "compare it with the name at {page}; a private one needs `token: hf_token` and `--secret id=hf_token,src=$HOME/.cache/huggingface/token`"
            ),
            (Self::Missing, _) => {
                format!(
                    "compare it with the name at {page}; a private one is shown only to accounts that may read it"
                )
            }
            (Self::Revision, _) => format!("look at the branches and tags at {page}/tree/main"),
            (Self::File, _) => format!("look at the files at {page}/tree/main"),
            (Self::Disabled, _) => format!("see {page} for the reason, and take another model"),
            (Self::Token, Some(secret)) => format!(
                "put a token that is valid into the secret `{secret}`: {}/settings/tokens",
                asked.hub.endpoint()
            ),
            (Self::Token, None) => format!("make a new token: {}/settings/tokens", asked.hub.endpoint()),
            (
                Self::Limited {
                    seconds: Some(seconds),
                },
                _,
            ) => {
                format!(
                    "wait {seconds} seconds; with a token, or with the commit in place of a branch, more builds fit into the limit"
                )
            }
            (Self::Limited { seconds: None }, _) => {
                "wait five minutes; with a token, or with `modelcrate.lock`, more builds fit into the limit"
                    .into()
            }
            (Self::Status(_), _) => {
                "try again later, or set another hub: `--build-arg HF_ENDPOINT=https://…`".into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_no_of_the_hub_is_told_apart() {
        for (status, code, message, with_token, expected) in [
            (401, Some("GatedRepo"), None, false, Refusal::Gated),
            (403, Some("GatedRepo"), None, true, Refusal::Forbidden),
            (401, Some("RepoNotFound"), None, false, Refusal::Hidden),
            (401, None, None, false, Refusal::Hidden),
            (404, Some("RepoNotFound"), None, true, Refusal::Missing),
            (404, Some("RevisionNotFound"), None, false, Refusal::Revision),
            (404, Some("EntryNotFound"), None, true, Refusal::File),
            (
                401,
                None,
                Some("Invalid credentials in Authorization header"),
                true,
                Refusal::Token,
            ),
            (
                403,
                None,
                Some("Access to this resource is disabled."),
                false,
                Refusal::Disabled,
            ),
            (429, None, None, false, Refusal::Limited { seconds: None }),
            (502, None, None, false, Refusal::Status(502)),
        ] {
            assert_eq!(
                Refusal::read(status, code, message, with_token),
                expected,
                "{status} {code:?} {message:?}"
            );
        }
    }

    #[test]
    fn a_gate_says_where_it_is_opened() {
        let (hub, repository) = (Hub::default(), Repository::parse("o/n").unwrap());
        let asked = Asked {
            hub: &hub,
            repository: &repository,
            revision: "main",
            file: None,
        };
        assert!(
            Refusal::Gated
                .fix(asked, None)
                .contains("https://huggingface.co/o/n")
        );
        assert!(
            Refusal::Limited { seconds: Some(55) }
                .fix(asked, None)
                .contains("55 seconds")
        );
    }
}
