//! Buckets of S3, by `object_store` over our own connections.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{HttpClient, HttpConnector};
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{ClientOptions, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig};
use sha2::{Digest, Sha256};
use url::Url;

use super::{Client, Error, Mask, hexadecimal};
use crate::file::{File, is_clean};
use crate::listing::Listing;
use crate::select::Selection;

/// How long a signed address is good; it is signed again when the server refuses it.
const SIGNED_FOR: Duration = Duration::from_secs(3600);

/// Where a bucket is and who asks.
#[derive(Clone)]
pub struct Account {
    /// The server; `None` is AWS.
    pub endpoint: Option<String>,
    /// The region; `us-east-1` where the server has none.
    pub region: Option<String>,
    /// Id of the key; without keys, requests are not signed.
    pub key: Option<String>,
    /// The secret key.
    pub secret: Option<String>,
    /// The token of a session.
    pub session: Option<String>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl Account {
    /// The secrets of the account are hidden from now on.
    pub fn hide(&self, mask: &Mask) {
        for value in [&self.key, &self.secret, &self.session].into_iter().flatten() {
            mask.hide(value);
        }
    }
}

/// Opens a bucket; nothing is asked of the server yet. Addresses are path-style where an endpoint is set.
///
/// # Errors
/// For an endpoint that is none.
pub fn open(client: &Client, bucket: &str, account: &Account, retry: RetryConfig) -> Result<AmazonS3, Error> {
    account.hide(client.mask());
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(account.region.as_deref().unwrap_or("us-east-1"))
        .with_client_options(ClientOptions::new().with_allow_http(true))
        .with_http_connector(Connector(client.http().clone()))
        .with_retry(retry);
    if let Some(endpoint) = &account.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    builder = match (&account.key, &account.secret) {
        (Some(key), Some(secret)) => builder.with_access_key_id(key).with_secret_access_key(secret),
        _ => builder.with_skip_signature(true),
    };
    if let Some(session) = &account.session {
        builder = builder.with_token(session);
    }
    builder.build().map_err(|error| Error::Usage {
        problem: format!(
            "bucket `{bucket}` cannot be opened: {}",
            client.mask().text(&error.to_string())
        ),
        fix: "look at the name of the bucket and at the endpoint".into(),
    })
}

/// Gives object_store our connections, with our roots and our patience.
#[derive(Debug)]
struct Connector(reqwest::Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

/// An object in a bucket.
#[derive(Clone)]
pub struct Object {
    bucket: Arc<AmazonS3>,
    key: Path,
    name: String,
}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Object({self})")
    }
}

impl std::fmt::Display for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl Object {
    /// The object of this key; `bucket_name` is for messages.
    pub fn new(bucket: Arc<AmazonS3>, bucket_name: &str, key: Path) -> Self {
        let name = format!("s3:{bucket_name}/{key}");
        Self { bucket, key, name }
    }

    pub(super) async fn signed(&self) -> Result<Url, Error> {
        let signed = self
            .bucket
            .signed_url(reqwest::Method::GET, &self.key, SIGNED_FOR)
            .await;
        signed.map_err(|error| Error::Usage {
            problem: format!(
                "`{self}` cannot be asked for: {}",
                Mask::default().text(&error.to_string())
            ),
            fix: "look at the keys of the bucket".into(),
        })
    }
}

/// How often and how long requests of buckets are tried again.
pub fn patience() -> RetryConfig {
    RetryConfig {
        max_retries: 6,
        retry_timeout: Duration::from_secs(180),
        ..RetryConfig::default()
    }
}

/// What lies below a prefix.
pub struct Shelf {
    bucket: AmazonS3,
    name: String,
    prefix: String,
    mask: Mask,
}

impl Shelf {
    /// Keys that begin with `prefix/`, or all where it is empty. `name` is the bucket's.
    pub fn new(bucket: AmazonS3, name: &str, prefix: &str, mask: &Mask) -> Self {
        Self {
            bucket,
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            mask: mask.clone(),
        }
    }

    /// The files that a selection takes, each with its SHA-256, which is taken from the bytes: a bucket does not know it.
    ///
    /// # Errors
    /// When the bucket cannot be read, or holds a key that is no path of a file.
    pub async fn listing(&self, selection: &Selection) -> Result<Listing, Error> {
        let prefix = (!self.prefix.is_empty()).then(|| Path::from(self.prefix.as_str()));
        let objects: Vec<ObjectMeta> = self
            .bucket
            .list(prefix.as_ref())
            .try_collect()
            .await
            .map_err(|error| self.failed(&error))?;
        let paths = objects
            .iter()
            .map(|object| self.path(object))
            .collect::<Result<Vec<_>, _>>()?;
        let taken = paths
            .iter()
            .zip(&objects)
            .filter(|(path, _)| selection.takes(path));
        let mut files: Vec<File> = stream::iter(taken.map(|(path, object)| self.file(path, object)))
            .buffer_unordered(4)
            .try_collect()
            .await?;
        files.sort();
        Ok(Listing {
            revision: None,
            card: crate::card::Card::default(),
            others: if files.is_empty() { paths } else { Vec::new() },
            files,
        })
    }

    fn path(&self, object: &ObjectMeta) -> Result<String, Error> {
        let key = object.location.as_ref();
        let path = key
            .strip_prefix(&self.prefix)
            .unwrap_or(key)
            .trim_start_matches('/');
        match is_clean(path) {
            true => Ok(path.to_owned()),
            false => Err(Error::Storage {
                place: format!("s3:{}", self.name),
                problem: format!("the key `{}` is no path of a file", key.escape_default()),
            }),
        }
    }

    async fn file(&self, path: &str, object: &ObjectMeta) -> Result<File, Error> {
        let got = self
            .bucket
            .get(&object.location)
            .await
            .map_err(|error| self.failed(&error))?;
        let mut body = got.into_stream();
        let mut hash = Sha256::new();
        while let Some(bytes) = body.try_next().await.map_err(|error| self.failed(&error))? {
            hash.update(&bytes);
        }
        Ok(File {
            path: path.to_owned(),
            size: object.size,
            sha256: hexadecimal(&hash.finalize()),
        })
    }

    fn failed(&self, error: &object_store::Error) -> Error {
        failure(&self.name, error, &self.mask)
    }
}

/// What went wrong with a bucket, by its class.
pub fn failure(bucket: &str, error: &object_store::Error, mask: &Mask) -> Error {
    let address = format!("s3:{bucket}");
    match error {
        object_store::Error::NotFound { .. } => Error::Missing { address },
        object_store::Error::PermissionDenied { .. } => Error::Denied { address, status: 403 },
        object_store::Error::Unauthenticated { .. } => Error::Denied { address, status: 401 },
        _ => Error::Network {
            address,
            problem: mask.text(&error.to_string()),
        },
    }
}
