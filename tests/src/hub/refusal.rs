//! What the hub says when it says no: status, `X-Error-Code` and `X-Error-Message`, as huggingface_hub tells them apart.

use axum::response::Response;

use super::answer::{json, plain};

/// A reason to give nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The token is not one of the hub's.
    Token,
    /// The files are for those who were let in; whether the hub knows who asks.
    Gated {
        repository: String,
        known: bool,
    },
    /// There is none, or not for who asks; whether the hub knows who that is.
    Repository {
        known: bool,
    },
    /// Nobody gets it.
    Disabled,
    Revision(String),
    /// No such file in this commit.
    Entry {
        commit: String,
    },
    /// Too many requests of a kind; the window ends in so many seconds.
    Limited {
        kind: &'static str,
        seconds: u32,
    },
}

impl Refusal {
    /// The answer of the hub's API.
    pub(super) fn of_api(&self) -> Response {
        self.with_headers(json(
            self.status(),
            &serde_json::json!({ "error": self.message() }),
        ))
    }

    /// The answer where a file was asked for.
    pub(super) fn of_file(&self) -> Response {
        self.with_headers(plain(self.status(), self.message()))
    }

    fn with_headers(&self, mut response: Response) -> Response {
        let mut set = |name: &'static str, value: &str| {
            response
                .headers_mut()
                .insert(name, value.parse().expect("a header"));
        };
        if let Some(code) = self.code() {
            set("x-error-code", code);
        }
        set("x-error-message", &self.message());
        match self {
            Self::Entry { commit } => set("x-repo-commit", commit),
            Self::Limited { kind, seconds } => {
                set("ratelimit", &format!("\"{kind}\";r=0;t={seconds}"));
                set(
                    "ratelimit-policy",
                    &format!("\"fixed window\";\"{kind}\";q=500;w=300"),
                );
            }
            _ if self.status() == 401 => {
                set(
                    "www-authenticate",
                    "Bearer realm=\"Authentication required\", charset=\"UTF-8\"",
                );
            }
            _ => {}
        }
        response
    }

    fn status(&self) -> u16 {
        match self {
            Self::Token | Self::Gated { known: false, .. } | Self::Repository { known: false } => 401,
            Self::Gated { known: true, .. } | Self::Disabled => 403,
            Self::Repository { known: true } | Self::Revision(_) | Self::Entry { .. } => 404,
            Self::Limited { .. } => 429,
        }
    }

    fn code(&self) -> Option<&'static str> {
        match self {
            Self::Gated { .. } => Some("GatedRepo"),
            Self::Repository { .. } => Some("RepoNotFound"),
            Self::Revision(_) => Some("RevisionNotFound"),
            Self::Entry { .. } => Some("EntryNotFound"),
            Self::Token | Self::Disabled | Self::Limited { .. } => None,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Token => "Invalid credentials in Authorization header".to_owned(),
            Self::Gated { repository, known: false } => format!(
                "Access to model {repository} is restricted. You must have access to it and be authenticated to access it. Please log in."
            ),
            Self::Gated { repository, known: true } => format!(
                "Access to model {repository} is restricted and you are not in the authorized list. Visit https://huggingface.co/{repository} to ask for access."
            ),
            Self::Repository { known: false } => "Invalid username or password.".to_owned(),
            Self::Repository { known: true } => "Repository not found".to_owned(),
            Self::Disabled => "Access to this resource is disabled.".to_owned(),
            Self::Revision(revision) => format!("Invalid rev id: {}", revision.escape_default()),
            Self::Entry { .. } => "Entry not found".to_owned(),
            Self::Limited { .. } => "We had to rate limit your IP. To continue using our service, create a HF account or login to your existing account.".to_owned(),
        }
    }
}
