//! Which parts an image has.

use modelcrate_fetcher::card::Card;
use modelcrate_fetcher::file::File;

use super::{Component, Inventory, Kind, Model};
use super::{parts, purl};
use crate::check::{self, Checked, Cmake, CmakeSource, ModelSource};
use crate::plan::{Facts, Found, ImageFacts, MTIME, interpreter_of};
use crate::python::{Environment, Origin, Package};
use crate::rust::{LockedCrate, Workspace};

/// The name of an image whose spec gives none.
const NAMELESS: &str = "image";

/// The parts of a target.
pub fn inventory(checked: &Checked, facts: &Facts) -> Inventory {
    let (os, architecture, variant) = &facts.target;
    let platform = [os, architecture, variant].map(String::as_str);
    let (certain, taken) = parts::parts(checked, facts);
    Inventory {
        name: checked
            .name
            .as_ref()
            .map_or(NAMELESS, |name| &name.value)
            .to_owned(),
        platform: platform.join("/").trim_end_matches('/').to_owned(),
        epoch: facts.epoch.unwrap_or(MTIME),
        components: certain.components,
        models: certain.models,
        taken,
    }
}

/// An image that the target stands on or takes files from.
pub(super) fn image(reference: &str, facts: &Facts) -> Component {
    let ImageFacts { name, digest, .. } = facts.image(reference);
    let name = name.unwrap_or_else(|| reference.to_owned());
    Component {
        kind: Kind::Image,
        purl: purl::image(&name, digest.as_deref()),
        sha256: digest
            .iter()
            .filter_map(|digest| digest.strip_prefix("sha256:"))
            .map(str::to_owned)
            .collect(),
        name,
        version: digest,
    }
}

/// The packages that were asked for. Which versions apt chose is not known before it ran.
pub(super) fn debian(checked: &Checked, facts: &Facts) -> Vec<Component> {
    let is_ubuntu = checked
        .base
        .image
        .as_ref()
        .is_some_and(|image| image.contains("ubuntu"));
    let distribution = if is_ubuntu { "ubuntu" } else { "debian" };
    let packages = checked.apt.packages.iter();
    packages
        .map(|package| {
            let (name, version) = match package.split_once('=') {
                Some((name, version)) => (name, Some(version)),
                None => (package.value.as_str(), None),
            };
            Component {
                kind: Kind::Debian,
                name: name.to_owned(),
                version: version.map(str::to_owned),
                purl: purl::debian(name, version, distribution, &facts.target.1),
                sha256: Vec::new(),
            }
        })
        .collect()
}

/// uv's build of Python; that of a base is part of the base. Where the spec asks for no patch release, uv chooses it.
pub(super) fn interpreter(checked: &Checked, facts: &Facts) -> Option<Component> {
    let Found::Uv(version) = interpreter_of(checked, facts)? else {
        return None;
    };
    let version = version.full();
    Some(Component {
        kind: Kind::Interpreter,
        name: "python".to_owned(),
        purl: purl::interpreter(&version),
        version: Some(version),
        sha256: Vec::new(),
    })
}

pub(super) fn python(facts: &Facts) -> Vec<Component> {
    let (Some(lock), Some(version)) = (&facts.lock, &facts.python_version) else {
        return Vec::new();
    };
    let Some(environment) = Environment::linux(version.clone(), &facts.target.1) else {
        return Vec::new();
    };
    let installed = lock.lock.installed(&environment);
    installed
        .map(|package| of_python(package, &environment))
        .collect()
}

fn of_python(package: &Package, environment: &Environment) -> Component {
    let vcs = match &package.origin {
        Origin::Git { url, commit, .. } => Some(purl::vcs_url(url, Some(commit))),
        _ => None,
    };
    let commit = match &package.origin {
        Origin::Git { commit, .. } => Some(commit.clone()),
        _ => None,
    };
    let version = package.version.clone().or(commit);
    Component {
        kind: Kind::Python,
        name: package.name.clone(),
        purl: purl::python(&package.name, version.as_deref(), vcs.as_deref()),
        version,
        sha256: package.sha256(environment),
    }
}

/// The crates of a workspace.
pub(super) fn crates(workspace: &Workspace) -> Vec<Component> {
    workspace.lock.crates().filter_map(of_crate).collect()
}

/// A crate from elsewhere: those of the project are the image itself.
fn of_crate(locked: LockedCrate<'_>) -> Option<Component> {
    let source = locked.source?;
    let vcs = source.starts_with("git+").then_some(source);
    Some(Component {
        kind: Kind::Crate,
        name: locked.name.to_owned(),
        version: Some(locked.version.to_owned()),
        purl: purl::cargo(locked.name, locked.version, vcs),
        sha256: locked.checksum.iter().map(|&sha256| sha256.to_owned()).collect(),
    })
}

/// The repository that CMake compiled.
pub(super) fn sources(project: &Cmake, facts: &Facts) -> Option<Component> {
    let CmakeSource::Git(git) = &project.source else {
        return None;
    };
    let commit = facts.commits.get(git).or(git.reference.as_ref());
    Some(Component {
        kind: Kind::Source,
        name: git.url.value.clone(),
        version: commit.cloned(),
        purl: purl::git(&git.url, commit.map(String::as_str)),
        sha256: Vec::new(),
    })
}

pub(super) fn model(model: &check::Model, facts: &Facts) -> Model {
    let revision = model.found.as_ref().and_then(|found| found.revision.clone());
    let (purl, address) = match &model.source {
        ModelSource::Listed(listed) => match &listed.origin {
            check::Origin::Hub(hub) => {
                let commit = revision.as_deref().unwrap_or(&hub.revision);
                let repository = hub.repository.as_str();
                (
                    Some(purl::hub(repository, commit)),
                    Some(facts.hub.page(&hub.repository)),
                )
            }
            check::Origin::Artifact(artifact) => {
                let name = artifact.reference.to_string();
                (Some(purl::image(&name, revision.as_deref())), None)
            }
            check::Origin::Bucket(_) | check::Origin::Context(_) => (None, None),
        },
        ModelSource::Image(image) => (Some(self::image(&image.value, facts).purl), None),
        _ => (None, None),
    };
    Model {
        name: model.name.value.clone(),
        purl,
        address,
        revision,
        card: card(model),
        folder: model.folder.clone(),
        files: files(model),
    }
}

fn card(model: &check::Model) -> Card {
    let found = model.found.as_ref().map(|found| found.card.clone());
    let card = found.unwrap_or_default();
    let license = model.license.as_ref().map(|license| license.value.clone());
    Card {
        license: license.or(card.license),
        ..card
    }
}

fn files(model: &check::Model) -> Vec<File> {
    let mut files = match &model.source {
        ModelSource::Files { files, .. } => files
            .iter()
            .map(|file| File {
                path: file.path.clone(),
                size: 0,
                sha256: file.sha256.value.clone(),
            })
            .collect(),
        _ => model.found_files().to_vec(),
    };
    // Nobody takes the digests of the context's files.
    files.retain(|file| !file.sha256.is_empty());
    files.sort();
    files
}
