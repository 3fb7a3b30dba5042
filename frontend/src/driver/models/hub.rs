//! What a repository of a hub holds: its revision, its tree, and the small files, whose SHA-256 the tree does not say.

use base16ct::lower::encode_string;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use modelcrate_checker::format::check_header;
use modelcrate_fetcher::file::File;
use modelcrate_fetcher::hub::{self, Asked, BadAnswer, Entry, Refusal, Revision};
use sha2::{Digest, Sha256};

use super::super::Failure;
use super::ask::{NoAnswer, ask};
use super::question::{Answer, Question};
use super::taken;
use crate::check::HubModel;
use crate::diagnostic::{Diagnostic, code};
use crate::spec::ResolvedModel;

/// Files that are asked for at the same time.
const AT_ONCE: usize = 8;
/// Entries of a page of a tree, unless the request says otherwise (huggingface.co).
const PAGE: usize = 1000;

/// A question about a repository.
pub(super) struct OnHub<'a> {
    /// The question.
    pub question: &'a Question<'a>,
    /// The repository.
    pub hub: &'a HubModel,
}

impl OnHub<'_> {
    /// Asks for all that the lock would say.
    pub async fn answer(&self) -> Answer<ResolvedModel> {
        let revision = match self.revision().await? {
            Ok(revision) => revision,
            Err(finding) => return Ok(Err(vec![finding])),
        };
        let tree = match self.tree(&revision).await? {
            Ok(Some(tree)) => tree,
            // The next page is named in a header, which a source of the engine does not show.
            Ok(None) => return self.question.listed().await,
            Err(finding) => return Ok(Err(vec![finding])),
        };
        let taken = match taken::taken(self.question.model, self.question.source, tree) {
            Ok(taken) => taken,
            Err(findings) => return Ok(Err(findings)),
        };
        let files = stream::iter(taken)
            .map(|entry| self.file(&revision.commit, entry))
            .buffered(AT_ONCE)
            .try_collect::<Vec<_>>()
            .await?;
        let mut files = match files.into_iter().collect::<Result<Vec<File>, Diagnostic>>() {
            Ok(files) => files,
            Err(finding) => return Ok(Err(vec![finding])),
        };
        files.sort();
        Ok(Ok(ResolvedModel {
            revision: Some(revision.commit),
            files,
            card: revision.card,
            ..ResolvedModel::default()
        }))
    }

    /// The commit. A gate is seen here: the hub tells everybody that there is one.
    pub async fn revision(&self) -> Result<Result<Revision, Diagnostic>, Failure> {
        let HubModel {
            repository, revision, ..
        } = self.hub;
        let url = self.question.build.hub.revision(repository, revision);
        let title = format!("find the commit of {repository}@{revision}");
        let body = match ask(self.question.build, &url, &title, self.question.source.span).await? {
            Ok(body) => body,
            Err(NoAnswer::Status(404)) => return Ok(Err(self.not_found().await?)),
            Err(no) => return Ok(Err(self.refused(no))),
        };
        Ok(match hub::revision(&body) {
            Ok(found) if found.gated && self.hub.token.is_none() => Err(self.finding(&Refusal::Gated, None)),
            Ok(found) => Ok(found),
            Err(bad) => Err(self.no_hub(&bad)),
        })
    }

    /// Whether it is the revision or the whole repository that is not there.
    async fn not_found(&self) -> Result<Diagnostic, Failure> {
        let repository = &self.hub.repository;
        let url = self.question.build.hub.about(repository);
        let title = format!("look for {repository}");
        let refusal = match ask(self.question.build, &url, &title, self.question.source.span).await? {
            Ok(_) => Refusal::Revision,
            Err(NoAnswer::Status(401 | 404)) => Refusal::Hidden,
            Err(no) => return Ok(self.refused(no)),
        };
        Ok(self.finding(&refusal, None))
    }

    /// All files, where they are on one page.
    async fn tree(&self, revision: &Revision) -> Result<Result<Option<Vec<Entry>>, Diagnostic>, Failure> {
        let repository = &self.hub.repository;
        let url = self.question.build.hub.tree(repository, &revision.commit);
        let title = format!("list {repository}");
        let body = match ask(self.question.build, &url, &title, self.question.source.span).await? {
            Ok(body) => body,
            Err(no) => return Ok(Err(self.refused(no))),
        };
        let tree = match hub::tree(&body) {
            Ok(tree) => tree,
            Err(bad) => return Ok(Err(self.no_hub(&bad))),
        };
        let has = |path: &String| tree.iter().any(|entry| entry.path == *path);
        let whole = match revision.files.as_slice() {
            [] => tree.len() < PAGE,
            files => files.iter().all(has),
        };
        Ok(Ok(whole.then_some(tree)))
    }

    /// One file of the lock. Small ones lie in git, which knows them by another digest.
    async fn file(&self, commit: &str, entry: Entry) -> Result<Result<File, Diagnostic>, Failure> {
        let Entry { path, size, .. } = entry;
        if let Some(sha256) = entry.sha256 {
            return Ok(Ok(File { path, size, sha256 }));
        }
        let url = self.question.build.hub.file(&self.hub.repository, commit, &path);
        let title = format!("read {path} of {}", self.hub.repository);
        Ok(
            match ask(self.question.build, &url, &title, self.question.source.span).await? {
                Ok(bytes) => self.small(path, &bytes),
                Err(NoAnswer::Status(404)) => Err(self.finding(&Refusal::File, Some(&path))),
                Err(no) => Err(self.refused(no)),
            },
        )
    }

    /// A file that came whole. Weights that are so small are likely something else.
    fn small(&self, path: String, bytes: &[u8]) -> Result<File, Diagnostic> {
        let size = bytes.len() as u64;
        // Bytes that are here can be read.
        match check_header(&path, bytes, size).unwrap_or(Ok(())) {
            Ok(()) => Ok(File {
                size,
                sha256: encode_string(&Sha256::digest(bytes)),
                path,
            }),
            Err(malformed) => Err(taken::malformed(
                self.question.model,
                &path,
                malformed,
                self.question.source.span,
            )),
        }
    }

    fn refused(&self, no: NoAnswer) -> Diagnostic {
        match no {
            NoAnswer::Status(status) => {
                let refusal = Refusal::read(status, None, None, self.hub.token.is_some());
                self.finding(&refusal, None)
            }
            NoAnswer::Unreachable(why) => self.question.unreachable(&why),
        }
    }

    /// The hub's no, in words.
    pub fn finding(&self, refusal: &Refusal, file: Option<&str>) -> Diagnostic {
        let asked = Asked {
            hub: &self.question.build.hub,
            repository: &self.hub.repository,
            revision: &self.hub.revision,
            file,
        };
        let secret = self.hub.token.as_ref();
        let finding = Diagnostic::error(code::HUB, self.question.source.span, refusal.sentence(asked))
            .hint(refusal.fix(asked, secret.map(|secret| secret.value.as_str())));
        match secret {
            Some(secret) => finding.related(secret.span, "the secret with the token"),
            None => finding,
        }
    }

    fn no_hub(&self, bad: &BadAnswer) -> Diagnostic {
        let host = self.question.build.hub.host();
        Diagnostic::error(
            code::HUB,
            self.question.source.span,
            format!("what {host} answers {bad}"),
        )
        .hint("it may be a page that asks to log in, or no hub: look at `HF_ENDPOINT`")
    }
}
