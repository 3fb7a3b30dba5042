//! How a registry lets in who asks: its challenges, and the tokens of the servers that it names (distribution
//! `docs/content/spec/auth/token.md`).

use reqwest::Response;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::answer::header;
use super::retry::wanted_wait;
use super::{Client, Error, Failure, Token, Tries};
use crate::closed::Closed;

/// The door of a repository. A token of it is of some minutes: another is had when it has been of use and is no more.
#[derive(Debug)]
pub(super) struct Door {
    client: Client,
    registry: String,
    repository: String,
    login: Option<Token>,
    pass: Mutex<Pass>,
}

/// What is shown at the door.
#[derive(Debug, Default)]
struct Pass {
    token: Option<Token>,
    /// The door has opened for it.
    worked: bool,
}

/// What a registry wants to see.
#[derive(Debug, PartialEq, Eq)]
enum Challenge {
    /// User and password.
    Basic,
    /// A token of this server, for this service.
    Bearer { realm: String, service: Option<String> },
}

#[derive(Deserialize)]
struct Granted {
    #[serde(alias = "access_token")]
    token: String,
}

impl Door {
    /// The door of a repository, which nobody has knocked at yet.
    pub(super) fn new(client: &Client, registry: &str, repository: &str, login: Option<Token>) -> Self {
        Self {
            client: client.clone(),
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            login,
            pass: Mutex::default(),
        }
    }

    /// What is to be shown; nothing before somebody has asked for it.
    pub(super) async fn token(&self) -> Option<Token> {
        self.pass.lock().await.token.clone()
    }

    /// The door opened.
    pub(super) async fn opened(&self) {
        self.pass.lock().await.worked = true;
    }

    /// After a 401 for what was `shown`: whether something else can be shown now.
    ///
    /// # Errors
    /// When the server of tokens gives none.
    pub(super) async fn renew(
        &self,
        from: &Url,
        shown: Option<&Token>,
        headers: &HeaderMap,
    ) -> Result<bool, Failure> {
        let mut pass = self.pass.lock().await;
        if pass.token.as_ref() != shown {
            // Another connection was here before.
            return Ok(true);
        }
        if shown.is_some() && !pass.worked {
            return Ok(false);
        }
        let challenge = header(headers, WWW_AUTHENTICATE.as_str()).and_then(challenge);
        let token = match challenge {
            Some(Challenge::Basic) => self.login.clone(),
            Some(Challenge::Bearer { realm, service }) => Some(
                self.granted(from, &realm, service.as_deref())
                    .await
                    .map_err(Failure::never)?,
            ),
            None => None,
        };
        if token.is_none() || token.as_ref() == shown {
            return Ok(false);
        }
        *pass = Pass { token, worked: false };
        Ok(true)
    }

    /// What a 401 or 403 for what was `shown` says.
    pub(super) fn closed(&self, status: u16, shown: Option<&Token>) -> Error {
        let is_login = shown == self.login.as_ref();
        self.no(match (&self.login, status) {
            (None, _) => Closed::Login,
            (Some(_), 401) if is_login => Closed::Wrong,
            (Some(_), _) => Closed::Forbidden,
        })
    }

    /// A token to read the repository with, of the server that the registry names.
    async fn granted(&self, from: &Url, realm: &str, service: Option<&str>) -> Result<Token, Error> {
        let mut realm = Url::parse(realm).map_err(|_| self.broken("it names no server for logins"))?;
        if from.scheme() == "https" && realm.scheme() != "https" {
            return Err(self.broken("its server for logins has no TLS"));
        }
        realm
            .query_pairs_mut()
            .extend_pairs(service.map(|service| ("service", service)))
            .append_pair("scope", &format!("repository:{}:pull", self.repository));
        let answer = self.get(&realm).await?;
        match (answer.status().as_u16(), &self.login) {
            (200..300, _) => {}
            (400 | 401 | 403, Some(_)) => return Err(self.no(Closed::Wrong)),
            (400 | 401 | 403, None) => return Err(self.no(Closed::Login)),
            (status, _) => return Err(self.broken(&format!("its server for logins says {status}"))),
        }
        let body = answer.bytes().await;
        let body = body.map_err(|error| self.broken(&error.without_url().to_string()))?;
        let granted: Granted = serde_json::from_slice(&body)
            .map_err(|_| self.broken("what its server for logins gives is no token"))?;
        Token::new(&granted.token, self.client.mask())
    }

    /// An answer, whatever its status, that is not one which passes.
    async fn get(&self, url: &Url) -> Result<Response, Error> {
        let mut tries = Tries::new(self.client.settings());
        loop {
            let mut request = self.client.http().get(url.clone());
            let login = self.login.as_ref();
            if let Some(mut value) = login.and_then(|token| HeaderValue::from_str(token.header()).ok()) {
                value.set_sensitive(true);
                request = request.header(AUTHORIZATION, value);
            }
            let failure = match request.send().await {
                Ok(answer) if !matches!(answer.status().as_u16(), 408 | 425 | 429 | 500..) => {
                    return Ok(answer);
                }
                Ok(answer) => {
                    let problem = format!("its server for logins says {}", answer.status().as_u16());
                    Failure::after(self.broken(&problem), wanted_wait(answer.headers()))
                }
                Err(error) => Failure::later(self.broken(&error.without_url().to_string())),
            };
            tries.wait(failure).await?;
        }
    }

    fn no(&self, closed: Closed) -> Error {
        Error::Closed {
            closed,
            sentence: closed.sentence(&self.registry, &self.repository),
        }
    }

    fn broken(&self, problem: &str) -> Error {
        Error::Network {
            address: format!("{}/{}", self.registry, self.repository),
            problem: self.client.mask().text(problem),
        }
    }
}

/// Reads `Bearer realm="…",service="…"` or `Basic realm="…"`.
fn challenge(text: &str) -> Option<Challenge> {
    let (scheme, rest) = text.trim().split_once(' ').unwrap_or((text, ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Some(Challenge::Basic);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let value = |name: &str| {
        let (_, after) = rest.split_once(&format!("{name}=\""))?;
        after.split('"').next().map(ToOwned::to_owned)
    };
    Some(Challenge::Bearer {
        realm: value("realm")?,
        service: value("service"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        assert_eq!(
            challenge(
                r#"Bearer realm="https://auth.test/token",service="registry.test",scope="a:b:pull,push""#
            ),
            Some(Challenge::Bearer {
                realm: "https://auth.test/token".into(),
                service: Some("registry.test".into()),
            })
        );
        assert_eq!(challenge(r#"Basic realm="x""#), Some(Challenge::Basic));
        assert_eq!(challenge("Negotiate"), None);
        assert_eq!(challenge("Bearer service=\"x\""), None);
    }
}
