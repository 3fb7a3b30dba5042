//! The environment of the process, read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use modelcrate_fetcher::client::{Error, Mask, Token, bucket};

/// Where containers find secrets.
const SECRETS: &str = "/run/secrets";

/// Variables, and the folder of the secrets.
pub struct Surroundings {
    variables: BTreeMap<String, String>,
    secrets: PathBuf,
}

impl Surroundings {
    /// Those of this process.
    pub fn read() -> Self {
        let pair = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            variables: std::env::vars_os().filter_map(pair).collect(),
            secrets: SECRETS.into(),
        }
    }

    /// A value that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.trim().is_empty())
    }

    /// Certificates to trust beside the web's own.
    pub fn certificates(&self) -> Option<PathBuf> {
        self.get("SSL_CERT_FILE").map(PathBuf::from)
    }

    /// What is mounted as the secret of this id.
    pub fn mounted(&self, id: Option<&str>) -> Result<Option<String>, Error> {
        let read = |file: PathBuf| {
            let text = std::fs::read_to_string(&file).map_err(|error| Error::Usage {
                problem: format!("the secret `{}` cannot be read: {error}", file.display()),
                fix: "mount it so that the user of this process may read it".into(),
            })?;
            Ok(text.trim().to_owned())
        };
        self.place(id).map(read).transpose()
    }

    /// The token that is mounted as the secret of this id.
    pub fn secret(&self, id: Option<&str>, mask: &Mask) -> Result<Option<Token>, Error> {
        self.place(id).map(|file| Token::read(&file, mask)).transpose()
    }

    fn place(&self, id: Option<&str>) -> Option<PathBuf> {
        let secret = id.filter(|id| !id.contains('/')).map(|id| self.secrets.join(id));
        secret.filter(|file| file.exists())
    }

    /// The token for a hub, found where people put it: the secret of its id, then where the hub's own client looks.
    pub fn token(&self, id: Option<&str>, mask: &Mask) -> Result<Option<Token>, Error> {
        if let Some(token) = self.secret(id, mask)? {
            return Ok(Some(token));
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

    /// Who asks for a bucket: the secrets of these ids when both are mounted, else the variables that all clients of buckets
    /// know.
    pub fn account(
        &self,
        endpoint: Option<String>,
        region: Option<String>,
        keys: Option<(&str, &str)>,
    ) -> Result<bucket::Account, Error> {
        let get = |name: &str| self.get(name).map(|value| value.trim().to_owned());
        let (key, secret) = keys.unzip();
        let (key, secret, session) = match (self.mounted(key)?, self.mounted(secret)?) {
            (Some(key), Some(secret)) => (Some(key), Some(secret), None),
            _ => (
                get("AWS_ACCESS_KEY_ID"),
                get("AWS_SECRET_ACCESS_KEY"),
                get("AWS_SESSION_TOKEN"),
            ),
        };
        Ok(bucket::Account {
            endpoint: endpoint.or_else(|| get("AWS_ENDPOINT_URL")),
            region: region
                .or_else(|| get("AWS_REGION"))
                .or_else(|| get("AWS_DEFAULT_REGION")),
            key,
            secret,
            session,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_the_hub_is_shown_to_no_other_server() {
        let folder = tempfile::tempdir().unwrap();
        let mask = Mask::default();
        let token = |text: &str| Some(Token::new(text, &mask).unwrap());
        let surroundings = Surroundings {
            variables: [("HF_TOKEN".into(), "of-the-hub".into())].into(),
            secrets: folder.path().into(),
        };
        let secret = |id| surroundings.secret(id, &mask).unwrap();
        let for_hub = |id| surroundings.token(id, &mask).unwrap();
        assert_eq!((secret(Some("key")), secret(None)), (None, None));
        assert_eq!(for_hub(Some("key")), token("of-the-hub"));
        std::fs::write(folder.path().join("key"), "mounted\n").unwrap();
        assert_eq!(secret(Some("key")), token("mounted"));
        assert_eq!(for_hub(Some("key")), token("mounted"));
        assert_eq!(for_hub(None), token("of-the-hub"));
        assert_eq!(secret(Some("../key")), None);
    }

    #[test]
    fn mounted_keys_of_a_bucket_come_before_variables() {
        let folder = tempfile::tempdir().unwrap();
        let variables = [
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "b"),
            ("AWS_REGION", "r"),
        ];
        let surroundings = Surroundings {
            variables: variables.map(|(name, value)| (name.into(), value.into())).into(),
            secrets: folder.path().into(),
        };
        let keys = || {
            let account = surroundings.account(None, None, Some(("key", "secret"))).unwrap();
            assert_eq!(account.region.as_deref(), Some("r"));
            (account.key.unwrap(), account.secret.unwrap())
        };
        std::fs::write(folder.path().join("key"), "c\n").unwrap();
        assert_eq!(keys(), ("a".into(), "b".into()), "half a key is none");
        std::fs::write(folder.path().join("secret"), "d\n").unwrap();
        assert_eq!(keys(), ("c".into(), "d".into()));
    }
}
