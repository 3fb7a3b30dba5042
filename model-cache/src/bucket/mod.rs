//! One model's folder in a bucket of an S3-compatible service.

mod answer;
mod upload;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt;
use modelcrate_fetcher::client::{Client, Remote, bucket};
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, Error, GetOptions, ObjectStore, ObjectStoreExt, PutMode,
    PutOptions, RetryConfig, UpdateVersion,
};

use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::Failure;

pub use upload::Upload;

/// Key of the metadata that keeps an object's SHA-256 (`x-amz-meta-sha256`): what an interrupted upload goes on from.
const SHA256: Attribute = Attribute::Metadata(std::borrow::Cow::Borrowed("sha256"));
/// How often a request is sent again. With the pauses below this outlasts about half a minute of trouble.
const RETRIES: usize = 6;
/// The bound of the first pause, which is drawn at random; each retry doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The bound of the longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// The longest text that is read into memory, in bytes: a marker of some hundred thousand files.
const LONGEST_TEXT: u64 = 32 << 20;

/// The folder of the model, and the way to its bucket.
#[derive(Debug)]
pub struct Bucket {
    store: Arc<AmazonS3>,
    name: String,
    endpoint: String,
    /// Ends with `/`.
    folder: String,
    /// Uploads that were started and are not completed.
    open: Mutex<Vec<Arc<Upload>>>,
}

/// An object as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Bytes.
    pub size: u64,
    /// What the service calls this state of the object.
    pub etag: String,
}

/// A small object that was read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The content.
    pub bytes: Bytes,
    /// What the service calls this state of the object.
    pub etag: String,
}

/// When an object may be written.
#[derive(Debug, Clone, Copy)]
pub enum When<'a> {
    /// Whatever is there.
    Always,
    /// Nothing is there (`If-None-Match: *`).
    Absent,
    /// It is still in this state (`If-Match`).
    Unchanged(&'a str),
}

fn account(environment: &Environment) -> bucket::Account {
    let (id, secret) = &environment.keys;
    bucket::Account {
        endpoint: Some(environment.endpoint.clone()),
        region: Some(environment.region.clone()),
        key: Some(id.reveal().to_owned()),
        secret: Some(secret.reveal().to_owned()),
        session: environment
            .session
            .as_ref()
            .map(|session| session.reveal().to_owned()),
    }
}

/// A service that is silent is asked twice: whoever waits for the container wants to know.
fn retries(idle: Duration) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: FIRST_PAUSE,
            max_backoff: LONGEST_PAUSE,
            base: 2.0,
        },
        max_retries: RETRIES,
        retry_timeout: idle * 2,
    }
}

fn mode(when: When<'_>) -> PutMode {
    match when {
        When::Always => PutMode::Overwrite,
        When::Absent => PutMode::Create,
        When::Unchanged(etag) => PutMode::Update(UpdateVersion {
            e_tag: Some(etag.to_owned()),
            version: None,
        }),
    }
}

impl Bucket {
    /// Prepares the way to the bucket; nothing is asked yet.
    ///
    /// # Errors
    /// For an endpoint that no client takes.
    pub fn new(environment: &Environment, client: &Client) -> Result<Self, Failure> {
        let account = account(environment);
        let store = bucket::open(client, &environment.bucket, &account, retries(environment.idle))?;
        Ok(Self {
            store: Arc::new(store),
            name: environment.bucket.clone(),
            endpoint: environment.endpoint.clone(),
            folder: format!("{}{}/", environment.prefix, environment.model),
            open: Mutex::default(),
        })
    }

    /// The folder, as messages name it.
    pub fn place(&self) -> String {
        format!("{}/{}/{}", self.endpoint, self.name, self.folder)
    }

    /// What is below the folder, by path. One request for each 1000 objects.
    ///
    /// # Errors
    /// What the service says instead.
    pub async fn list(&self) -> Result<BTreeMap<String, Listed>, Failure> {
        let folder = self.key("")?;
        let objects = self.store.list(Some(&folder));
        // The service says the whole key; a key that is not below the folder is none of ours.
        let listed = objects.try_filter_map(async |object| {
            let path = object.location.as_ref().strip_prefix(&self.folder);
            Ok(path.map(|path| {
                let etag = object.e_tag.clone().unwrap_or_default();
                let size = object.size;
                (path.to_owned(), Listed { size, etag })
            }))
        });
        listed.try_collect().await.map_err(|error| self.failure(&error))
    }

    /// Reads a small object; `None` when it is not there.
    ///
    /// # Errors
    /// What the service says instead, and for objects that are not small.
    pub async fn read(&self, path: &str) -> Result<Option<Text>, Failure> {
        let key = self.key(path)?;
        let answer = match self.store.get(&key).await {
            Ok(answer) => answer,
            Err(error) if answer::is_absent(&error) => return Ok(None),
            Err(error) => return Err(self.failure(&error)),
        };
        if answer.meta.size > LONGEST_TEXT {
            return Err(Failure::new(
                Exit::Integrity,
                format!("`{path}` in {} has {} bytes", self.place(), answer.meta.size),
                "nothing of model-cache is that long: look at who wrote it, and delete it",
            ));
        }
        let etag = answer.meta.e_tag.clone().unwrap_or_default();
        let bytes = answer.bytes().await.map_err(|error| self.failure(&error))?;
        Ok(Some(Text { bytes, etag }))
    }

    /// The SHA-256 that was kept with an object when it was stored.
    ///
    /// # Errors
    /// What the service says instead.
    pub async fn sha256(&self, path: &str) -> Result<Option<String>, Failure> {
        let options = GetOptions::new().with_head(true);
        match self.store.get_opts(&self.key(path)?, options).await {
            Ok(answer) => Ok(answer.attributes.get(&SHA256).map(|value| value.to_string())),
            Err(error) if answer::is_absent(&error) => Ok(None),
            Err(error) => Err(self.failure(&error)),
        }
    }

    /// Stores a file in one request and says its etag.
    ///
    /// # Errors
    /// What the service says instead.
    pub async fn put(&self, path: &str, bytes: Bytes, sha256: &str) -> Result<String, Failure> {
        let options = PutOptions {
            attributes: Attributes::from_iter([(SHA256, sha256.to_owned())]),
            ..PutOptions::default()
        };
        let put = self.store.put_opts(&self.key(path)?, bytes.into(), options).await;
        let put = put.map_err(|error| self.failure(&error))?;
        Ok(put.e_tag.unwrap_or_default())
    }

    /// Writes a small text and says its etag; `None` when the condition does not hold. A service that knows no conditions
    /// writes always.
    ///
    /// # Errors
    /// What the service says instead.
    pub async fn write(&self, path: &str, text: String, when: When<'_>) -> Result<Option<String>, Failure> {
        let key = self.key(path)?;
        let mut put = self
            .store
            .put_opts(&key, text.clone().into(), mode(when).into())
            .await;
        if matches!(&put, Err(error) if answer::is_unknown(error)) {
            put = self
                .store
                .put_opts(&key, text.into(), PutMode::Overwrite.into())
                .await;
        }
        match put {
            Ok(put) => Ok(Some(put.e_tag.unwrap_or_default())),
            Err(error) if answer::is_refused_by_a_condition(&error) => Ok(None),
            Err(error) => Err(self.failure(&error)),
        }
    }

    /// Deletes an object, if it is there.
    ///
    /// # Errors
    /// What the service says instead.
    pub async fn delete(&self, path: &str) -> Result<(), Failure> {
        match self.store.delete(&self.key(path)?).await {
            Err(error) if !answer::is_absent(&error) => Err(self.failure(&error)),
            _ => Ok(()),
        }
    }

    /// Throws away all uploads that were not completed.
    pub async fn abandon(&self) {
        let open = std::mem::take(&mut *self.open.lock().unwrap_or_else(PoisonError::into_inner));
        for upload in open {
            upload.abort(self).await;
        }
    }

    /// The object, as something that can be downloaded.
    ///
    /// # Errors
    /// For a path that cannot be a key.
    pub fn remote(&self, client: &Client, path: &str) -> Result<Remote, Failure> {
        let object = bucket::Object::new(Arc::clone(&self.store), &self.name, self.key(path)?);
        Ok(Remote::object(client, object))
    }

    fn key(&self, path: &str) -> Result<Path, Failure> {
        Path::parse(format!("{}{path}", self.folder)).map_err(|_| {
            let what = format!("`{}` cannot be the name of an object", path.escape_default());
            Failure::new(Exit::Usage, what, "leave the file out of the model's repository")
        })
    }

    fn failure(&self, error: &Error) -> Failure {
        answer::failure(error, &self.name, &self.endpoint)
    }
}
