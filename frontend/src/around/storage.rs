//! Folders of a container that outlive it.

use super::Target;
use crate::check::Deliver;

/// A folder that is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folder {
    /// A name for it.
    pub name: String,
    /// Where it is mounted.
    pub path: String,
    /// What it holds.
    pub holds: Holds,
}

/// What a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A model that somebody puts there.
    Model,
    /// A model that the container fetches.
    Fetched,
    /// What the program works on.
    Workspace,
    /// What the program keeps.
    Data,
    /// What the hub's libraries download.
    Cache,
}

/// Where the hub's libraries keep what they download.
pub(super) const HUB_HOME: &str = "/var/cache/huggingface";

/// The folders of a target, each path once.
pub(super) fn folders(target: &Target) -> Vec<Folder> {
    let checked = &target.checked;
    let mut folders: Vec<Folder> = Vec::new();
    let mut add = |name: &str, path: &str, holds: Holds| {
        if !folders.iter().any(|folder| folder.path == path) {
            let name = dashed(name);
            folders.push(Folder {
                name,
                path: path.to_owned(),
                holds,
            });
        }
    };
    for model in &checked.models {
        match model.deliver {
            Deliver::Bake => {}
            Deliver::Volume => add(&model.name, &model.folder, Holds::Model),
            Deliver::Fetch => add(&model.name, &model.folder, Holds::Fetched),
        }
    }
    if let Some(preflight) = &checked.preflight {
        if let Some(path) = &preflight.workspace {
            add("workspace", path, Holds::Workspace);
        }
        if preflight.hf_home {
            add("huggingface", HUB_HOME, Holds::Cache);
        }
    }
    for path in &checked.volumes {
        add(path, path, Holds::Data);
    }
    folders
}

/// A name of lower-case letters, digits and dashes.
pub(super) fn dashed(text: &str) -> String {
    let dashed = text
        .to_ascii_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let parts: Vec<&str> = dashed.split('-').filter(|part| !part.is_empty()).collect();
    match parts.is_empty() {
        true => "data".into(),
        false => parts.join("-"),
    }
}
