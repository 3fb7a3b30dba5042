//! A multipart upload: parts in any order, and nothing to see of them before it is completed.

use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{Attributes, MultipartId, PutMultipartOptions};

use super::{Bucket, SHA256};
use crate::failure::Failure;

/// An upload that is on its way.
#[derive(Debug)]
pub struct Upload {
    key: Path,
    id: MultipartId,
}

impl Upload {
    /// Starts one for a file.
    ///
    /// # Errors
    /// What the service says instead.
    pub async fn start(bucket: &Bucket, path: &str, sha256: &str) -> Result<Arc<Self>, Failure> {
        let key = bucket.key(path)?;
        let options = PutMultipartOptions {
            attributes: Attributes::from_iter([(SHA256, sha256.to_owned())]),
            ..PutMultipartOptions::default()
        };
        let id = bucket.store.create_multipart_opts(&key, options).await;
        let id = id.map_err(|error| bucket.failure(&error))?;
        let upload = Arc::new(Self { key, id });
        bucket
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::clone(&upload));
        Ok(upload)
    }

    /// Sends a part; the first is 0.
    ///
    /// # Errors
    /// What the service says instead.
    pub async fn part(&self, bucket: &Bucket, index: usize, bytes: Bytes) -> Result<PartId, Failure> {
        let part = bucket.store.put_part(&self.key, &self.id, index, bytes.into());
        part.await.map_err(|error| bucket.failure(&error))
    }

    /// Makes an object of all parts, and says its etag.
    ///
    /// # Errors
    /// What the service says instead.
    pub async fn complete(&self, bucket: &Bucket, parts: Vec<PartId>) -> Result<String, Failure> {
        let put = bucket.store.complete_multipart(&self.key, &self.id, parts).await;
        let put = put.map_err(|error| bucket.failure(&error))?;
        let mut open = bucket.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|upload| upload.id != self.id);
        Ok(put.e_tag.unwrap_or_default())
    }

    /// Throws the parts away. What the service keeps nevertheless is invisible, and its lifecycle rule for unfinished uploads
    /// deletes it.
    pub(super) async fn abort(&self, bucket: &Bucket) {
        let _ = bucket.store.abort_multipart(&self.key, &self.id).await;
    }
}
