//! Who logs in to a registry: `USER:PASSWORD`, or the file that `docker login` writes (docker/cli
//! `cli/config/configfile/file.go`; podman's `containers-auth.json.5`).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;

use super::{Error, Mask, Token};

/// Names of Docker Hub, of which the last is how `docker login` writes it.
const DOCKER_HUB: [&str; 3] = ["docker.io", "registry-1.docker.io", "index.docker.io"];

/// The logins of a docker client.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Logins {
    #[serde(default)]
    auths: BTreeMap<String, Entry>,
    /// The program that keeps them instead.
    #[serde(default)]
    creds_store: Option<String>,
    /// The same, by registry.
    #[serde(default)]
    cred_helpers: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
struct Entry {
    /// `USER:PASSWORD` in base 64.
    #[serde(default)]
    auth: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

/// The login in a secret for `REGISTRY/NAME`. From now on the mask hides it.
///
/// # Errors
/// For a secret that holds none.
pub(super) fn login(secret: &str, path: &str, mask: &Mask) -> Result<Token, Error> {
    match secret.trim_start().starts_with('{') {
        true => of_docker(secret, path, mask),
        false => Token::basic(secret, mask),
    }
}

fn of_docker(secret: &str, path: &str, mask: &Mask) -> Result<Token, Error> {
    let logins: Logins = serde_json::from_str(secret).map_err(|_| Error::Usage {
        problem: "the secret of a registry is not the file that `docker login` writes".into(),
        fix: "give `$HOME/.docker/config.json`, or `USER:PASSWORD`".into(),
    })?;
    let registry = path.split('/').next().unwrap_or(path);
    let entry = logins.entry(path).unwrap_or_default();
    for secret in [&entry.auth, &entry.password] {
        mask.hide(secret);
    }
    let decoded = BASE64
        .decode(entry.auth.trim())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let login = match (entry.username.as_str(), decoded) {
        ("", Some(login)) => login.trim_end_matches('\0').to_owned(),
        (user, _) => format!("{user}:{}", entry.password),
    };
    match login.split_once(':') {
        Some((user, password)) if !user.is_empty() && !password.is_empty() => Token::basic(&login, mask),
        _ => Err(logins.without(registry)),
    }
}

impl Logins {
    /// The entry whose name is the longest beginning of the path.
    fn entry(&self, path: &str) -> Option<Entry> {
        let entries = self.auths.iter().filter(|(name, _)| names(name, path));
        let (_, entry) = entries.max_by_key(|(name, _)| plain(name).len())?;
        Some(Entry {
            auth: entry.auth.clone(),
            username: entry.username.clone(),
            password: entry.password.clone(),
        })
    }

    fn without(&self, registry: &str) -> Error {
        let helpers = self.cred_helpers.iter();
        let mut helpers = helpers.filter(|(name, _)| names(name, registry));
        let keeper = helpers
            .next()
            .map(|(_, program)| program)
            .or(self.creds_store.as_ref());
        match keeper {
            Some(program) => Error::Usage {
                problem: format!(
                    "the login for {registry} is not in docker's settings: the program `docker-credential-{program}` keeps it"
                ),
                fix: "give `USER:PASSWORD` as the secret".into(),
            },
            None => Error::Usage {
                problem: format!("docker's settings have no login for {registry}"),
                fix: format!("run `docker login {registry}` first, or give `USER:PASSWORD` as the secret"),
            },
        }
    }
}

/// Whether an entry of this name is for the path: a registry, its address, or a registry and the beginning of a name.
fn names(name: &str, path: &str) -> bool {
    let name = plain(name);
    let (registry, rest) = path.split_once('/').unwrap_or((path, ""));
    let same = |one: &str| one == registry || [one, registry].iter().all(|host| DOCKER_HUB.contains(host));
    match name.split_once('/') {
        None => same(name),
        Some((host, beginning)) => {
            let below = rest.strip_prefix(beginning);
            same(host) && below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        }
    }
}

/// Without scheme, and without the version of the interface (`https://index.docker.io/v1/`).
fn plain(name: &str) -> &str {
    let name = name.split_once("://").map_or(name, |(_, name)| name);
    let name = name.trim_end_matches('/');
    ["/v1", "/v2"]
        .iter()
        .find_map(|version| name.strip_suffix(version))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(secret: &str, path: &str) -> Result<String, String> {
        let login = login(secret, path, &Mask::default());
        login
            .map(|token| {
                let encoded = token.header().trim_start_matches("Basic ").to_owned();
                String::from_utf8(BASE64.decode(encoded).unwrap()).unwrap()
            })
            .map_err(|error| format!("{error}; {}", error.hint()))
    }

    #[test]
    fn the_login_for_a_registry_is_found_as_docker_writes_it() {
        let auth = |login: &str| BASE64.encode(login);
        let settings = format!(
            r#"{{ "auths": {{
                "registry.test:5000": {{ "auth": "{}" }},
                "https://index.docker.io/v1/": {{ "auth": "{}" }},
                "ghcr.test": {{ "username": "me", "password": "a:b" }},
                "ghcr.test/org": {{ "auth": "{}" }},
                "kept.test": {{}}
            }}, "credsStore": "desktop", "other": 1 }}"#,
            auth("user:pass:word"),
            auth("hub:pw"),
            auth("org:pw"),
        );
        for (path, login) in [
            ("registry.test:5000/org/m", "user:pass:word"),
            ("docker.io/org/m", "hub:pw"),
            ("ghcr.test/other/m", "me:a:b"),
            ("ghcr.test/org/m", "org:pw"),
            ("ghcr.test/organ/m", "me:a:b"),
        ] {
            assert_eq!(read(&settings, path).as_deref(), Ok(login), "{path}");
        }
        assert_eq!(read("me:pw\n", "registry.test/m").as_deref(), Ok("me:pw"));
        let kept = read(&settings, "kept.test/m").unwrap_err();
        assert!(kept.contains("`docker-credential-desktop` keeps it"), "{kept}");
    }

    #[test]
    fn a_secret_without_the_login_says_so() {
        let none = r#"{ "auths": { "other.test": { "auth": "bWU6cHc=" } } }"#;
        for (secret, words) in [
            (
                none,
                "no login for registry.test; run `docker login registry.test`",
            ),
            ("{", "not the file that `docker login` writes"),
            ("token", "not `USER:PASSWORD`"),
            (
                r#"{ "auths": { "registry.test": { "auth": "%" } } }"#,
                "no login for",
            ),
        ] {
            let said = read(secret, "registry.test/m").unwrap_err();
            assert!(said.contains(words), "{said}");
            assert!(!said.contains("bWU6"), "{said}");
        }
    }
}
