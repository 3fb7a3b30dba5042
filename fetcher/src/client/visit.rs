//! Asks a hub what a repository holds.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::on_hub::OnHub;
use super::{Client, Error, Remote, Token};
use crate::file::File;
use crate::hub::{self, Hub, Repository};
use crate::listing::Listing;
use crate::select::Selection;

/// The largest answer in bytes that is read as one text; pages of a tree hold up to 1 000 entries of some hundred bytes.
const LARGEST: usize = 32 << 20;
/// Files that are read at a time to learn their digests.
const AT_A_TIME: usize = 8;

/// A repository on a hub, and who asks.
#[derive(Debug, Clone)]
pub struct Visit {
    client: Client,
    hub: Hub,
    repository: Repository,
    token: Option<Token>,
}

impl Visit {
    /// Nothing is asked yet.
    pub fn new(client: &Client, hub: Hub, repository: Repository, token: Option<Token>) -> Self {
        Self {
            client: client.clone(),
            hub,
            repository,
            token,
        }
    }

    /// What a branch, tag or commit stands for.
    ///
    /// # Errors
    /// With the hub's no, or when it cannot be asked.
    pub async fn revision(&self, revision: &str) -> Result<hub::Revision, Error> {
        let address = self.hub.revision(&self.repository, revision);
        let (_, body) = self.ask(&address, revision, None)?.read(LARGEST).await?;
        hub::revision(&body).map_err(|error| broken(&address, &error))
    }

    /// All files of a commit.
    ///
    /// # Errors
    /// With the hub's no, or when it cannot be asked.
    pub async fn tree(&self, commit: &str) -> Result<Vec<hub::Entry>, Error> {
        let mut entries = Vec::new();
        let mut address = self.hub.tree(&self.repository, commit);
        loop {
            let (headers, body) = self.ask(&address, commit, None)?.read(LARGEST).await?;
            let page = hub::tree(&body).map_err(|error| broken(&address, &error))?;
            let has_new = !page.is_empty();
            entries.extend(page);
            let links = headers
                .get_all("link")
                .iter()
                .filter_map(|link| link.to_str().ok());
            match links.filter_map(hub::next_page).next() {
                Some(next) if has_new => address = self.on_the_hub(&address, next)?,
                _ => return Ok(entries),
            }
        }
    }

    /// What a revision holds of what the selection takes, each file with its SHA-256. Small files are read to learn it.
    ///
    /// # Errors
    /// With the hub's no, or when it cannot be asked.
    pub async fn listing(&self, revision: &str, selection: &Selection) -> Result<Listing, Error> {
        let hub::Revision {
            commit, gated, card, ..
        } = self.revision(revision).await?;
        let entries = self.tree(&commit).await?;
        let others = entries.iter().map(|entry| entry.path.clone()).collect();
        let taken: Vec<hub::Entry> = entries.into_iter().filter(|e| selection.takes(&e.path)).collect();
        // Everybody may list what is gated; one byte tells who may read it.
        if let Some(first) = taken.first().filter(|_| gated) {
            self.file(&commit, &first.path)?.size().await?;
        }
        let mut files: Vec<File> = stream::iter(taken.into_iter().map(|entry| self.known(&commit, entry)))
            .buffer_unordered(AT_A_TIME)
            .try_collect()
            .await?;
        files.sort();
        Ok(Listing {
            revision: Some(commit),
            card,
            others: if files.is_empty() { others } else { Vec::new() },
            files,
        })
    }

    /// A file of a commit.
    ///
    /// # Errors
    /// For a hub whose address is none.
    pub fn file(&self, commit: &str, path: &str) -> Result<Remote, Error> {
        self.ask(&self.hub.file(&self.repository, commit, path), commit, Some(path))
    }

    async fn known(&self, commit: &str, entry: hub::Entry) -> Result<File, Error> {
        let sha256 = match entry.sha256 {
            Some(sha256) => sha256,
            None => self.digest(commit, &entry).await?,
        };
        Ok(File {
            path: entry.path,
            size: entry.size,
            sha256,
        })
    }

    /// The digest of a file of which the hub knows only git's; that one is compared on the way.
    async fn digest(&self, commit: &str, entry: &hub::Entry) -> Result<String, Error> {
        let most = usize::try_from(entry.size).unwrap_or(usize::MAX);
        let remote = self.file(commit, &entry.path)?;
        // The largest file outside LFS is 10 MB on huggingface.co.
        let (_, bytes) = remote.read(most.saturating_add(1)).await?;
        let mut git = Sha1::new_with_prefix(hub::git_object(entry.size));
        git.update(&bytes);
        let damaged = |problem: String| Error::Integrity {
            file: entry.path.clone(),
            problem,
        };
        if bytes.len() as u64 != entry.size {
            return Err(damaged(format!(
                "{} bytes came, {} were promised",
                bytes.len(),
                entry.size
            )));
        }
        if !entry.git.is_empty() && hexadecimal(&git.finalize()) != entry.git {
            return Err(damaged(format!("it is not the blob `{}` of git", entry.git)));
        }
        Ok(hexadecimal(&Sha256::digest(&bytes)))
    }

    fn ask(&self, address: &str, revision: &str, file: Option<&str>) -> Result<Remote, Error> {
        let asked = OnHub {
            hub: self.hub.clone(),
            repository: self.repository.clone(),
            revision: revision.to_owned(),
            file: file.map(str::to_owned),
        };
        Remote::on_hub(&self.client, address, self.token.clone(), asked)
    }

    /// The next page lies on the hub itself: it gets the token.
    fn on_the_hub(&self, from: &str, next: &str) -> Result<String, Error> {
        let joined = url::Url::parse(from).and_then(|from| Ok((from.origin(), from.join(next)?)));
        match joined {
            Ok((origin, next)) if next.origin() == origin => Ok(next.into()),
            _ => Err(broken(
                from,
                &hub::BadAnswer("has a next page on another server".into()),
            )),
        }
    }
}

fn broken(address: &str, error: &hub::BadAnswer) -> Error {
    Error::Network {
        address: address.split('?').next().unwrap_or_default().to_owned(),
        problem: format!("the answer {error}"),
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}
