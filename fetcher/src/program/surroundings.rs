//! The environment of the process, read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use modelcrate_fetcher::client::{Error, Mask, Token, bucket};

/// Where containers find secrets.
const SECRETS: &str = "/run/secrets";

/// Names and values.
pub struct Surroundings(BTreeMap<String, String>);

impl Surroundings {
    /// Those of this process.
    pub fn read() -> Self {
        let pair = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(std::env::vars_os().filter_map(pair).collect())
    }

    /// A value that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.trim().is_empty())
    }

    /// Certificates to trust beside the web's own.
    pub fn certificates(&self) -> Option<PathBuf> {
        self.get("SSL_CERT_FILE").map(PathBuf::from)
    }

    /// The token of a model, found where people put it: the secret of its id, then where the hub's own client looks.
    pub fn token(&self, id: Option<&str>, mask: &Mask) -> Result<Option<Token>, Error> {
        let secret = id
            .filter(|id| !id.contains('/'))
            .map(|id| Path::new(SECRETS).join(id));
        if let Some(file) = secret.filter(|file| file.exists()) {
            return Token::read(&file, mask).map(Some);
        }
        if let Some(token) = self.get("HF_TOKEN") {
            return Token::new(token, mask).map(Some);
        }
        let stored = [
            self.get("HF_TOKEN_PATH").map(PathBuf::from),
            self.get("HF_HOME").map(|home| Path::new(home).join("token")),
        ];
        let stored = stored.into_iter().flatten().find(|file| file.exists());
        stored.map(|file| Token::read(&file, mask)).transpose()
    }

    /// Who asks for buckets.
    pub fn account(&self, endpoint: Option<String>) -> bucket::Account {
        let get = |name: &str| self.get(name).map(|value| value.trim().to_owned());
        bucket::Account {
            endpoint: endpoint.or_else(|| get("AWS_ENDPOINT_URL")),
            region: get("AWS_REGION").or_else(|| get("AWS_DEFAULT_REGION")),
            key: get("AWS_ACCESS_KEY_ID"),
            secret: get("AWS_SECRET_ACCESS_KEY"),
            session: get("AWS_SESSION_TOKEN"),
        }
    }
}
