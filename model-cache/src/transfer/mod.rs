//! Hub → bucket: ten workers over the parts of all files together.
//!
//! A part is read into memory, hashed, and sent. A file becomes an object only when its digest is the promised one; until then
//! there is nothing to see of it. With a disk, a large file is downloaded and checked there first, while the parts of the one
//! before are sent.

mod parts;
mod source;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use modelcrate_fetcher::client::Visit;
use modelcrate_fetcher::download::Memory;
use modelcrate_fetcher::file::File;
use object_store::multipart::PartId;
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};

use crate::bucket::{Bucket, Upload};
use crate::failure::Failure;
use crate::marker::Stored;
use crate::progress::{Moved, Progress};

use parts::Parts;
use source::Source;

/// Parts that are sent at a time.
const WORKERS: usize = 10;
/// Parts in memory at a time: those that are sent, and one that comes meanwhile. Where the bucket is faster than the hub, most
/// of them come.
const ROOMS: usize = WORKERS + 1;
/// Bytes that they may take together; the parts of huge files are longer, so that there are fewer.
const MEMORY: u64 = 128 << 20;
/// Files under way at a time, so that small ones do not wait for each other.
const FILES: usize = 4;
/// Files on the disk at a time: one comes while another is sent.
const ON_DISK: usize = 2;

/// What moves files.
pub struct Transfer {
    bucket: Arc<Bucket>,
    visit: Visit,
    commit: String,
    /// Where large files lie on their way; `None` moves them through memory alone.
    folder: Option<PathBuf>,
    moved: Moved,
    progress: Arc<Progress>,
    workers: Arc<Semaphore>,
    disk: Semaphore,
}

impl Transfer {
    /// Moves nothing yet.
    pub fn new(
        bucket: &Arc<Bucket>,
        visit: &Visit,
        commit: &str,
        folder: Option<PathBuf>,
        moved: &Moved,
        progress: &Arc<Progress>,
    ) -> Self {
        Self {
            bucket: Arc::clone(bucket),
            visit: visit.clone(),
            commit: commit.to_owned(),
            folder,
            moved: moved.clone(),
            progress: Arc::clone(progress),
            workers: Arc::new(Semaphore::new(WORKERS)),
            disk: Semaphore::new(ON_DISK),
        }
    }

    /// Stores the files, and says what they became.
    ///
    /// # Errors
    /// With the first failure. Uploads that were not completed stay open then: see [`Bucket::abandon`].
    pub async fn run(&self, files: Vec<File>) -> Result<Vec<Stored>, Failure> {
        let longest = files.iter().map(|file| Parts::of(file.size).length()).max();
        let longest = longest.unwrap_or(MEMORY);
        let rooms = usize::try_from(MEMORY / longest).unwrap_or(ROOMS);
        let memory = Memory::new(rooms.clamp(2, ROOMS), longest);
        let stored = stream::iter(files.into_iter().map(|file| self.moved(file, &memory)));
        stored.buffer_unordered(FILES).try_collect().await
    }

    async fn moved(&self, file: File, memory: &Memory) -> Result<Stored, Failure> {
        let etag = if Parts::of(file.size).count() == 1 {
            self.put(&file, self.hub_source(&file, memory)?).await?
        } else if let Some(folder) = &self.folder {
            let _turn = self.disk.acquire().await;
            let remote = self.visit.file(&self.commit, &file.path)?;
            let source = Source::disk(&remote, &file, folder, memory, &self.moved.coming()).await?;
            self.progress
                .say(&format!("downloaded {} ({} bytes)", file.path, file.size));
            self.send(&file, source).await?
        } else {
            self.send(&file, self.hub_source(&file, memory)?).await?
        };
        self.progress
            .say(&format!("stored {} ({} bytes)", file.path, file.size));
        Ok(Stored { file, etag })
    }

    fn hub_source(&self, file: &File, memory: &Memory) -> Result<Source, Failure> {
        let remote = self.visit.file(&self.commit, &file.path)?;
        Ok(Source::hub(&remote, file, memory, &self.moved.coming()))
    }

    /// Stores a file of one part, which is checked before it is sent.
    async fn put(&self, file: &File, mut source: Source) -> Result<String, Failure> {
        let mut bytes = Bytes::new();
        while let Some(part) = source.next().await? {
            bytes = part;
        }
        let _worker = self.workers.acquire().await;
        let etag = self.bucket.put(&file.path, bytes, &file.sha256).await?;
        self.moved.stored(file.size);
        Ok(etag)
    }

    /// Stores a file of several parts. It is checked when its last part has come, and completed after that.
    async fn send(&self, file: &File, mut source: Source) -> Result<String, Failure> {
        let upload = Upload::start(&self.bucket, &file.path, &file.sha256).await?;
        let mut sending = JoinSet::new();
        let mut sent = vec![None; Parts::of(file.size).count()];
        for index in 0.. {
            let Some(bytes) = source.next().await? else { break };
            sending.spawn(self.sender(&upload, index, bytes));
            while let Some(done) = sending.try_join_next() {
                keep(&mut sent, joined(done)?);
            }
        }
        while let Some(done) = sending.join_next().await {
            keep(&mut sent, joined(done)?);
        }
        upload
            .complete(&self.bucket, sent.into_iter().flatten().collect())
            .await
    }

    /// Sends a part as soon as a worker is free.
    fn sender(
        &self,
        upload: &Arc<Upload>,
        index: usize,
        bytes: Bytes,
    ) -> impl Future<Output = Result<(usize, PartId), Failure>> + use<> {
        let (upload, bucket) = (Arc::clone(upload), Arc::clone(&self.bucket));
        let (workers, moved) = (Arc::clone(&self.workers), self.moved.clone());
        async move {
            let _worker = workers.acquire().await;
            let length = bytes.len() as u64;
            let part = upload.part(&bucket, index, bytes).await?;
            moved.stored(length);
            Ok((index, part))
        }
    }
}

fn keep(sent: &mut [Option<PartId>], (index, part): (usize, PartId)) {
    if let Some(slot) = sent.get_mut(index) {
        *slot = Some(part);
    }
}

/// What a task says; its panic is ours.
fn joined<T>(done: Result<T, JoinError>) -> T {
    match done {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => std::panic::resume_unwind(Box::new(error.to_string())),
        },
    }
}
