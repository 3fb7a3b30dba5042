//! A repository of the hub.

use std::collections::BTreeMap;
use std::path::Path;

use super::access::Access;
use super::commit::Commit;

/// A repository: commits, the branches and tags that name them, and who may read it.
#[derive(Debug, Clone)]
pub struct Repository {
    pub(super) name: String,
    pub(super) access: Access,
    /// Earlier names; who asks for them is sent here.
    pub(super) formerly: Vec<String>,
    commits: Vec<Commit>,
    /// Branches and tags, and the commit of each.
    names: BTreeMap<String, String>,
}

impl Repository {
    /// `ORGANISATION/NAME` (or an old `NAME` alone), open to all, with a folder's files at `main`.
    ///
    /// Files of more than 8 MiB are read when they are asked for and must stay what they are.
    ///
    /// # Panics
    /// If the folder cannot be read.
    pub fn of(name: &str, folder: &Path) -> Self {
        let mut repository = Self::empty(name);
        repository.push("main", folder);
        repository
    }

    pub(super) fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            access: Access::Open,
            formerly: Vec::new(),
            commits: Vec::new(),
            names: BTreeMap::new(),
        }
    }

    /// The same, open to those alone that `access` says.
    pub fn with(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// The same, which had another name before.
    pub fn formerly(mut self, name: &str) -> Self {
        self.formerly.push(name.to_owned());
        self
    }

    /// Makes a folder's files the newest commit of a branch, and gives that commit.
    ///
    /// # Panics
    /// If the folder cannot be read.
    pub fn push(&mut self, branch: &str, folder: &Path) -> String {
        let commit = Commit::of(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let id = commit.id.clone();
        self.commits.push(commit);
        self.names.insert(branch.to_owned(), id.clone());
        id
    }

    /// Gives what a revision stands for a further name, as tags and branches are.
    ///
    /// # Panics
    /// If there is no such revision.
    pub fn tag(&mut self, name: &str, revision: &str) {
        let commit = self
            .commit(revision)
            .expect("a revision that was pushed")
            .id
            .clone();
        self.names.insert(name.to_owned(), commit);
    }

    /// What a branch, a tag or 40 hex digits stand for.
    pub(super) fn commit(&self, revision: &str) -> Option<&Commit> {
        let id = self.names.get(revision).map_or(revision, String::as_str);
        self.commits.iter().find(|commit| commit.id == id)
    }
}
