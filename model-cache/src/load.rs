//! Hub → bucket. The story of one start:
//!
//! 1. Look: a whole model of the right revision ends it at once.
//! 2. Take the lease, or wait for whoever has it, and look again.
//! 3. Ask the hub what the revision holds, before any large byte moves.
//! 4. Take the old marker away, move what the bucket does not have, weights before small files.
//! 5. Write the marker.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use modelcrate_fetcher::client::{Client, Token, Visit};
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::hub::{Hub, Repository};
use modelcrate_fetcher::listing::Listing;
use modelcrate_fetcher::select::Selection;

use crate::bucket::{Bucket, When};
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::lease::{Lease, Waiting};
use crate::marker::{self, Marker, Stored};
use crate::presence::Presence;
use crate::progress::{Moved, Progress, Work};
use crate::transfer::Transfer;

/// Kubernetes kills a container 30 seconds after it asked it to end (`terminationGracePeriodSeconds`).
const CLEANING: Duration = Duration::from_secs(10);

/// A model on its way from a hub into a bucket.
pub struct Load<'a> {
    environment: &'a Environment,
    bucket: Arc<Bucket>,
    visit: Visit,
    /// What was moved so far, for those who wait too.
    moved: Moved,
    lease: Mutex<Option<Lease>>,
}

impl<'a> Load<'a> {
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// For addresses and tokens that no client takes.
    pub fn new(environment: &'a Environment, client: &Client) -> Result<Self, Failure> {
        let usage = |what: &str| Failure::new(Exit::Usage, what, "correct the environment");
        let hub = Hub::new(&environment.hub).map_err(|_| usage("HF_ENDPOINT is no address"))?;
        let repository =
            Repository::parse(&environment.model).map_err(|_| usage("MODEL_NAME names no repository"))?;
        let token = environment.token.as_ref();
        let token = token
            .map(|token| Token::new(token.reveal(), client.mask()))
            .transpose()?;
        Ok(Self {
            environment,
            bucket: Arc::new(Bucket::new(environment, client)?),
            visit: Visit::new(client, hub, repository, token),
            moved: Moved::default(),
            lease: Mutex::default(),
        })
    }

    /// Brings the model into the bucket, unless it is there.
    ///
    /// # Errors
    /// With what kept it from being there.
    pub async fn run(&self) -> Result<(), Failure> {
        let presence = Presence::of(&self.bucket).await?;
        if self.is_done(&presence) {
            return Ok(());
        }
        eprintln!("{}: {}", self.bucket.place(), presence.lack(self.environment));
        let mut waiting = Waiting::new(self.environment.idle);
        let mut told = false;
        loop {
            if let Some(lease) = Lease::acquire(&self.bucket, &mut waiting, &self.moved).await? {
                let lost = lease.lost();
                *self.lease() = Some(lease);
                return tokio::select! {
                    done = self.under_lease() => done,
                    failure = lost => Err(failure),
                };
            }
            if !told {
                eprintln!("another process is uploading it: waiting");
                told = true;
            }
            tokio::time::sleep(waiting.pause()).await;
        }
    }

    /// Leaves nothing half done in the bucket. It comes after [`Load::run`] in any case, or instead of the rest of it.
    pub async fn clean(&self) {
        let lease = self.lease().take();
        let clean = async {
            self.bucket.abandon().await;
            if let Some(lease) = lease {
                lease.release().await;
            }
        };
        // What is not done in time, the next owner of the lease and the bucket's lifecycle rule do.
        let _ = tokio::time::timeout(CLEANING, clean).await;
    }

    fn lease(&self) -> MutexGuard<'_, Option<Lease>> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever had the lease before may have done everything.
    async fn under_lease(&self) -> Result<(), Failure> {
        let presence = Presence::of(&self.bucket).await?;
        if self.is_done(&presence) {
            return Ok(());
        }
        let listing = self
            .visit
            .listing(&self.environment.revision, &Selection::default())
            .await?;
        let (commit, files) = self.promised(listing)?;
        if let Some(marker) = presence.sound().filter(|marker| marker.commit == commit) {
            return self.also_known(marker).await;
        }
        if presence.marker.is_some() {
            // From here on the folder is a mixture; a reader that looks now sees that it is not whole.
            self.bucket.delete(marker::NAME).await?;
        }
        let stored = self.store(&commit, files, &presence).await?;
        self.forget(&presence, &stored).await?;
        let environment = self.environment;
        let marker = Marker::new(&environment.model, &environment.revision, &commit, stored);
        self.mark(&marker).await?;
        eprintln!(
            "{} is in {}: commit {commit}",
            environment.model,
            self.bucket.place()
        );
        Ok(())
    }

    /// The commit and the files that the hub promises, the largest first.
    fn promised(&self, listing: Listing) -> Result<(String, Vec<File>), Failure> {
        let (Some(commit), false) = (listing.revision, listing.files.is_empty()) else {
            return Err(Failure::new(
                Exit::Missing,
                format!("{} has no files", self.environment.model),
                "check MODEL_NAME and REVISION",
            ));
        };
        let mut files = listing.files;
        files.retain(|file| !marker::is_reserved(&file.path));
        files.sort_by(|one, other| (other.size, &one.path).cmp(&(one.size, &other.path)));
        Ok((commit, files))
    }

    /// The bucket has this commit for another name of it.
    async fn also_known(&self, marker: &Marker) -> Result<(), Failure> {
        let mut marker = marker.clone();
        marker.revisions.push(self.environment.revision.clone());
        self.mark(&marker).await?;
        self.is_there(&marker);
        Ok(())
    }

    /// Moves what is not there. What an interrupted upload completed is: its digest is kept with it.
    async fn store(
        &self,
        commit: &str,
        files: Vec<File>,
        presence: &Presence,
    ) -> Result<Vec<Stored>, Failure> {
        let (mut stored, mut missing) = (Vec::new(), Vec::new());
        for file in files {
            match self.kept(&file, presence).await? {
                Some(kept) => stored.push(kept),
                None => missing.push(file),
            }
        }
        let folder = self
            .environment
            .download_dir
            .as_deref()
            .map(Folder::new)
            .transpose();
        let folder = folder.map_err(|error| Failure::disk("DOWNLOAD_DIR does not take files", &error))?;
        let total = missing.iter().map(|file| file.size).sum();
        eprintln!(
            "storing {} files, {total} bytes; {} are there already",
            missing.len(),
            stored.len()
        );
        let progress = Progress::new(Work::Store, total, &self.moved, self.environment.progress);
        let progress = Arc::new(progress);
        let place = folder.as_ref().map(|folder| folder.path().to_owned());
        let transfer = Transfer::new(&self.bucket, &self.visit, commit, place, &self.moved, &progress);
        let moved = tokio::select! {
            moved = transfer.run(missing) => moved?,
            never = progress.report() => match never {},
        };
        progress.end();
        stored.extend(moved);
        Ok(stored)
    }

    async fn kept(&self, file: &File, presence: &Presence) -> Result<Option<Stored>, Failure> {
        let Some(listed) = presence
            .listed
            .get(&file.path)
            .filter(|listed| listed.size == file.size)
        else {
            return Ok(None);
        };
        let sha256 = self.bucket.sha256(&file.path).await?;
        Ok((sha256.as_ref() == Some(&file.sha256)).then(|| Stored {
            file: file.clone(),
            etag: listed.etag.clone(),
        }))
    }

    /// Deletes the files of other commits, of which a marker or the digest with them tells that they came from here: who reads
    /// the folder would take them for files of this one.
    async fn forget(&self, presence: &Presence, stored: &[Stored]) -> Result<(), Failure> {
        let marked = |path: &str| presence.marker.as_ref().is_some_and(|marker| marker.has(path));
        for path in presence.strays() {
            let kept = stored.iter().any(|new| new.file.path == path);
            if !kept && (marked(path) || self.bucket.sha256(path).await?.is_some()) {
                self.bucket.delete(path).await?;
            }
        }
        Ok(())
    }

    async fn mark(&self, marker: &Marker) -> Result<(), Failure> {
        self.bucket
            .write(marker::NAME, marker.text(), When::Always)
            .await?;
        Ok(())
    }

    fn is_done(&self, presence: &Presence) -> bool {
        let whole = presence.whole(self.environment);
        whole.inspect(|marker| self.is_there(marker)).is_some()
    }

    fn is_there(&self, marker: &Marker) {
        eprintln!(
            "{} is in {} already: commit {}, {} files, {} bytes",
            marker.model,
            self.bucket.place(),
            marker.commit,
            marker.files.len(),
            marker.size()
        );
    }
}
