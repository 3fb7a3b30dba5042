//! Buckets of S3, by `object_store` over our own connections.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{HttpClient, HttpConnector};
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{ClientOptions, RetryConfig};
use url::Url;

use super::{Client, Error, Mask};

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
            .signed_url(object_store_get(), &self.key, SIGNED_FOR)
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

fn object_store_get() -> reqwest::Method {
    reqwest::Method::GET
}
