//! Repositories of registries: their manifests and blobs (opencontainers/distribution-spec).

use std::sync::Arc;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use super::door::Door;
use super::login::login;
use super::{Client, Error, Remote, hexadecimal};
use crate::artifact::{self, Layer};

/// The largest manifest that registries take, in bytes (distribution-spec: 4 MiB).
const LARGEST: usize = 4 << 20;
/// What `docker.io` is called where it is asked.
const DOCKER_HUB: (&str, &str) = ("docker.io", "registry-1.docker.io");

/// A repository of a registry, and who asks.
#[derive(Debug, Clone)]
pub struct Registry {
    client: Client,
    base: String,
    name: String,
    door: Arc<Door>,
}

impl Registry {
    /// `REGISTRY/NAME`, of which nothing is asked yet. `endpoint` is the registry's address where that is not `https://REGISTRY`,
    /// `secret` `USER:PASSWORD` or the file that `docker login` writes.
    ///
    /// # Errors
    /// For what is no repository, and a secret without a login for it.
    pub fn new(
        client: &Client,
        path: &str,
        endpoint: Option<&str>,
        secret: Option<&str>,
    ) -> Result<Self, Error> {
        let (host, name) = path.split_once('/').ok_or_else(|| Error::Usage {
            problem: format!("`{path}` is no repository of a registry"),
            fix: "write `oci:REGISTRY/NAME`".into(),
        })?;
        let login = secret
            .map(|secret| login(secret, path, client.mask()))
            .transpose()?;
        let door = Door::new(client, host, name, login);
        let host = if host == DOCKER_HUB.0 { DOCKER_HUB.1 } else { host };
        Ok(Self {
            client: client.clone(),
            base: endpoint.map_or_else(
                || format!("https://{host}"),
                |base| base.trim_end_matches('/').to_owned(),
            ),
            name: name.to_owned(),
            door: Arc::new(door),
        })
    }

    /// The digest of the manifest of a tag or digest, and the layers that it names.
    ///
    /// # Errors
    /// When it cannot be had, or names no files.
    pub async fn layers(&self, reference: &str) -> Result<(String, Vec<Layer>), Error> {
        let bytes = self.manifest(reference).await?;
        let digest = format!("sha256:{}", hexadecimal(&Sha256::digest(&bytes)));
        let title = format!("{}/{}", self.base, self.name);
        if reference.starts_with("sha256:") && reference != digest {
            return Err(Error::Integrity {
                file: title,
                problem: format!("the registry gives {digest} for {reference}"),
            });
        }
        let layers = artifact::layers(&bytes).map_err(|bad| Error::Usage {
            problem: format!("`{title}` has no files to take: {bad}"),
            fix: bad.fix().into(),
        })?;
        Ok((digest, layers))
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
        Remote::in_registry(&self.client, url, self.door.clone())
    }
}
