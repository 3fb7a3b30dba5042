//! Splits a lock into parts: each heavy family and each large package alone, the light rest together, sources apart.
//!
//! A part's text holds its own packages and nothing that changes with the others, so that the layer made from it
//! depends on nothing else: the torch layer of two projects is one blob.

#[cfg(test)]
mod tests;
mod weight;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use toml::{Table, Value};

use super::lock::{Lock, Origin, Package};
use super::{Environment, wheel};
use weight::{OF_NVIDIA, heavy_family, is_large, weight};

/// A lock, split.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Split {
    /// Parts of files from indexes and URLs, heavy ones first, by name.
    pub parts: Vec<Part>,
    /// Packages of the context, in the order of the lock.
    pub local: Vec<LocalSource>,
    /// Packages of git repositories.
    pub git: Vec<GitSource>,
}

/// Some packages and the lock that pins them alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `torch`, `nvidia`, `rest`, …: letters, digits and `-`, as uv wants it in `pylock.NAME.toml`.
    pub name: String,
    /// A `pylock.toml`.
    pub text: String,
    /// What is in it, for people: `torch 2.9.0`.
    pub packages: Vec<String>,
    /// Some package has no wheel that fits and is built from its sources.
    pub builds: bool,
    /// URLs of the indexes that its packages come from; where the lock names none, the hosts of the files.
    pub indexes: Vec<String>,
}

/// A package in the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalSource {
    /// Its name.
    pub name: String,
    /// Folder or file, relative to the project.
    pub path: String,
}

/// A package in a git repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitSource {
    /// Its name.
    pub name: String,
    /// URL.
    pub url: String,
    /// The commit in full.
    pub commit: String,
    /// A folder in it.
    pub subdirectory: Option<String>,
}

/// Layers of heavy families at most; more are folded together. An image has room for about a hundred layers.
const MOST_HEAVY: usize = 32;

/// Layers of packages that are built of their sources, at most.
const MOST_BUILT: usize = 20;

/// Layers of large packages at most.
const MOST_LARGE: usize = 12;

/// Splits `lock` for one Python on one platform. Packages whose markers are false there are left out.
pub fn split(lock: &Lock, environment: &Environment) -> Split {
    let mut groups: BTreeMap<(Rank, String), Vec<&Package>> = BTreeMap::new();
    let mut split = Split::default();
    for package in lock.installed(environment) {
        match &package.origin {
            Origin::Folder(path) | Origin::File(path) => {
                split.local.push(LocalSource {
                    name: package.name.clone(),
                    path: path.clone(),
                });
            }
            Origin::Git {
                url,
                commit,
                subdirectory,
            } => split.git.push(GitSource {
                name: package.name.clone(),
                url: without_credentials(url),
                commit: commit.clone(),
                subdirectory: subdirectory.clone(),
            }),
            Origin::Index { .. } | Origin::Url(_) => {
                groups
                    .entry(group(package, environment))
                    .or_default()
                    .push(package);
            }
        }
    }
    fold_surplus(&mut groups, environment);
    split.parts = groups
        .iter()
        .map(|((rank, name), packages)| part(*rank, name, packages))
        .collect();
    split
}

/// The order of parts: what changes least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Heavy,
    Built,
    Large,
    Rest,
}

fn group(package: &Package, environment: &Environment) -> (Rank, String) {
    if is_built(package, environment) {
        (Rank::Built, package.name.clone())
    } else if let Some(family) = heavy_family(package, environment) {
        (Rank::Heavy, family)
    } else if is_large(package, environment) {
        (Rank::Large, package.name.clone())
    } else {
        (Rank::Rest, "rest".to_owned())
    }
}

fn is_built(package: &Package, environment: &Environment) -> bool {
    match &package.origin {
        Origin::Index { wheels, has_sdist } => {
            *has_sdist && !wheels.iter().any(|wheel| wheel::fits(&wheel.name, environment))
        }
        Origin::Url(url) => !url.split(['?', '#']).next().unwrap_or_default().ends_with(".whl"),
        _ => false,
    }
}

/// Where there are too many heavy families, NVIDIA's libraries are one again. The lightest past a limit join the rest, and
/// built packages share one part.
fn fold_surplus(groups: &mut BTreeMap<(Rank, String), Vec<&Package>>, environment: &Environment) {
    if groups.keys().filter(|(rank, _)| *rank == Rank::Heavy).count() > MOST_HEAVY {
        join_nvidia(groups);
    }
    let rest = (Rank::Rest, "rest");
    let folds = [
        (Rank::Heavy, MOST_HEAVY, rest),
        (Rank::Built, MOST_BUILT, (Rank::Built, "sources")),
        (Rank::Large, MOST_LARGE, rest),
    ];
    for (rank, most, (into, name)) in folds {
        let mut of_rank: Vec<_> = groups.keys().filter(|(of, _)| *of == rank).cloned().collect();
        of_rank.sort_by_key(|key| Reverse(weight(&groups[key], environment)));
        let into = (into, name.to_owned());
        for key in of_rank.into_iter().skip(most) {
            let packages = groups.remove(&key).unwrap_or_default();
            groups.entry(into.clone()).or_default().extend(packages);
        }
    }
}

fn join_nvidia(groups: &mut BTreeMap<(Rank, String), Vec<&Package>>) {
    let is_nvidia = |(rank, name): &(Rank, String)| *rank == Rank::Heavy && name.starts_with(OF_NVIDIA);
    let of_nvidia: Vec<_> = groups.keys().filter(|key| is_nvidia(key)).cloned().collect();
    let packages: Vec<_> = of_nvidia
        .iter()
        .filter_map(|key| groups.remove(key))
        .flatten()
        .collect();
    if !packages.is_empty() {
        groups.insert((Rank::Heavy, OF_NVIDIA.to_owned()), packages);
    }
}

fn part(rank: Rank, name: &str, packages: &[&Package]) -> Part {
    let mut indexes: Vec<String> = packages.iter().flat_map(|package| origins(package)).collect();
    indexes.sort();
    indexes.dedup();
    Part {
        name: name.replace(['.', '_'], "-"),
        text: text(packages),
        packages: packages.iter().map(|package| title(package)).collect(),
        builds: rank == Rank::Built,
        indexes,
    }
}

fn origins(package: &Package) -> Vec<String> {
    if let Some(index) = &package.index {
        return vec![index.clone()];
    }
    let host = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        Some(format!("{scheme}://{}", rest.split('/').next()?))
    };
    package.urls().filter_map(host).collect()
}

/// An address is shown and kept in the provenance: a user name or password in it must not be. `git@` is nobody's.
pub fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rsplit_once('@') {
        Some((user, host)) if user != "git" => format!("{scheme}://{host}{}", &rest[end..]),
        _ => url.to_owned(),
    }
}

fn title(package: &Package) -> String {
    match &package.version {
        Some(version) => format!("{} {version}", package.name),
        None => package.name.clone(),
    }
}

/// A lock of these packages alone. `requires-python` stays out: it is the project's, not the packages'.
fn text(packages: &[&Package]) -> String {
    let mut entries: Vec<Table> = packages.iter().map(|package| package.entry.clone()).collect();
    entries.sort_by_key(|entry| (sort_key(entry, "name"), sort_key(entry, "version")));
    let mut lock = Table::new();
    lock.insert("lock-version".into(), Value::String("1.0".into()));
    lock.insert("created-by".into(), Value::String("modelcrate".into()));
    lock.insert(
        "packages".into(),
        Value::Array(entries.into_iter().map(Value::Table).collect()),
    );
    lock.to_string()
}

fn sort_key(entry: &Table, key: &str) -> String {
    entry
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
