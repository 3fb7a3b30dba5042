//! Registries of OCI: their tokens, manifests and blobs (opencontainers/distribution-spec; distribution
//! `docs/content/spec/auth/token.md`).

use reqwest::Response;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::answer::header;
use super::retry::wanted_wait;
use super::{Client, Error, Failure, Remote, Token, Tries, hexadecimal};
use crate::artifact;
use crate::listing::Listing;
use crate::select::Selection;

/// The largest manifest that registries take, in bytes (distribution-spec: 4 MiB).
const LARGEST: usize = 4 << 20;
/// What `docker.io` is called where it is asked.
const DOCKER_HUB: (&str, &str) = ("docker.io", "registry-1.docker.io");

/// A repository of a registry, opened for those who ask.
#[derive(Debug, Clone)]
pub struct Registry {
    client: Client,
    base: String,
    name: String,
    token: Option<Token>,
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

impl Registry {
    /// Opens `REGISTRY/NAME` for reading. `endpoint` is the registry's address where that is not `https://REGISTRY`, `login`
    /// `USER:PASSWORD`.
    ///
    /// # Errors
    /// When the registry cannot be asked, or wants another login.
    pub async fn open(
        client: &Client,
        path: &str,
        endpoint: Option<&str>,
        login: Option<&str>,
    ) -> Result<Self, Error> {
        let (host, name) = path.split_once('/').ok_or_else(|| Error::Usage {
            problem: format!("`{path}` is no repository of a registry"),
            fix: "write `oci:REGISTRY/NAME`".into(),
        })?;
        let host = if host == DOCKER_HUB.0 { DOCKER_HUB.1 } else { host };
        let base = endpoint.map_or_else(
            || format!("https://{host}"),
            |base| base.trim_end_matches('/').to_owned(),
        );
        let mut registry = Self {
            client: client.clone(),
            base,
            name: name.to_owned(),
            token: None,
        };
        let login = login
            .map(|login| Token::basic(login, client.mask()))
            .transpose()?;
        registry.token = registry.admitted(login).await?;
        Ok(registry)
    }

    /// The token that the registry wants; `None` where everybody may read.
    async fn admitted(&self, login: Option<Token>) -> Result<Option<Token>, Error> {
        let url = parse(&format!("{}/v2/", self.base))?;
        let answer = self.get(&url, None).await?;
        if answer.status() != 401 {
            return Ok(login);
        }
        let Some(challenge) = header(answer.headers(), WWW_AUTHENTICATE.as_str()).and_then(challenge) else {
            return Err(self.denied(401));
        };
        match challenge {
            Challenge::Basic => Ok(login),
            Challenge::Bearer { realm, service } => {
                let mut realm = parse(&realm)?;
                if url.scheme() == "https" && realm.scheme() != "https" {
                    return Err(self.denied(401));
                }
                let scope = format!("repository:{}:pull", self.name);
                realm
                    .query_pairs_mut()
                    .extend_pairs(service.iter().map(|service| ("service", service.as_str())))
                    .append_pair("scope", &scope);
                let answer = self.get(&realm, login.as_ref()).await?;
                if !answer.status().is_success() {
                    return Err(self.denied(answer.status().as_u16()));
                }
                let body = answer.bytes().await;
                let body = body.map_err(|error| self.broken(&error.without_url().to_string()))?;
                let granted: Granted = serde_json::from_slice(&body)
                    .map_err(|_| self.broken("what it gives for a token is none"))?;
                Token::new(&granted.token, self.client.mask()).map(Some)
            }
        }
    }

    /// The digest of the manifest of a tag or digest, and the files that it names and the selection takes.
    ///
    /// # Errors
    /// When it cannot be had, or names no files.
    pub async fn listing(&self, reference: &str, selection: &Selection) -> Result<Listing, Error> {
        let bytes = self.manifest(reference).await?;
        let digest = format!("sha256:{}", hexadecimal(&Sha256::digest(&bytes)));
        let title = format!("{}/{}", self.base, self.name);
        if reference.starts_with("sha256:") && reference != digest {
            return Err(Error::Integrity {
                file: title,
                problem: format!("the registry gives {digest} for {reference}"),
            });
        }
        let all = artifact::files(&bytes).map_err(|bad| Error::Integrity {
            file: title,
            problem: bad.to_string(),
        })?;
        let others = all.iter().map(|file| file.path.clone()).collect();
        let files = all.into_iter().filter(|file| selection.takes(&file.path));
        Ok(Listing {
            card: crate::card::Card::default(),
            revision: Some(digest),
            files: files.collect(),
            others,
        })
    }

    async fn manifest(&self, reference: &str) -> Result<Vec<u8>, Error> {
        let url = format!("{}/v2/{}/manifests/{reference}", self.base, self.name);
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(artifact::ACCEPT))]);
        let (_, bytes) = self.remote(&url)?.read_with(&headers, LARGEST).await?;
        Ok(bytes)
    }

    /// A blob of the repository.
    ///
    /// # Errors
    /// For a registry whose address is none.
    pub fn blob(&self, sha256: &str) -> Result<Remote, Error> {
        self.remote(&format!("{}/v2/{}/blobs/sha256:{sha256}", self.base, self.name))
    }

    fn remote(&self, url: &str) -> Result<Remote, Error> {
        Remote::web(&self.client, url, self.token.clone())
    }

    /// An answer, whatever its status, that is not one which passes.
    async fn get(&self, url: &Url, token: Option<&Token>) -> Result<Response, Error> {
        let mut tries = Tries::new(self.client.settings());
        loop {
            let mut request = self.client.http().get(url.clone());
            if let Some(mut value) = token.and_then(|token| HeaderValue::from_str(token.header()).ok()) {
                value.set_sensitive(true);
                request = request.header(AUTHORIZATION, value);
            }
            let failure = match request.send().await {
                Ok(answer) if !matches!(answer.status().as_u16(), 408 | 425 | 429 | 500..) => {
                    return Ok(answer);
                }
                Ok(answer) => {
                    let problem = format!("the registry says {}", answer.status().as_u16());
                    Failure::after(self.broken(&problem), wanted_wait(answer.headers()))
                }
                Err(error) => Failure::later(self.broken(&error.without_url().to_string())),
            };
            tries.wait(failure).await?;
        }
    }

    fn denied(&self, status: u16) -> Error {
        Error::Denied {
            address: format!("{}/{}", self.base, self.name),
            status,
        }
    }

    fn broken(&self, problem: &str) -> Error {
        Error::Network {
            address: format!("{}/{}", self.base, self.name),
            problem: self.client.mask().text(problem),
        }
    }
}

fn parse(address: &str) -> Result<Url, Error> {
    Url::parse(address).map_err(|_| Error::Usage {
        problem: "the registry has an address that is none".into(),
        fix: "give `https://HOST`".into(),
    })
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
