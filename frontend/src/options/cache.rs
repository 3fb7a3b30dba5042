//! Caches: where to take from, and what not to take.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::door::{Bad, Door};

/// A cache that the engine may take results from (`--cache-from`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CacheImport {
    /// `registry`, `local`, `gha`, `s3`, …
    #[serde(rename = "Type", alias = "type")]
    pub kind: String,
    /// `ref` and the like.
    #[serde(rename = "Attrs", alias = "attrs", default)]
    pub attributes: BTreeMap<String, String>,
}

/// What is built even if its result is known (`no-cache`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum NoCache {
    /// Nothing.
    #[default]
    None,
    /// Everything (`--no-cache`).
    All,
    /// These stages, compared without case (`--no-cache-filter`).
    Stages(Vec<String>),
}

impl NoCache {
    /// Whether the stage is built anew.
    pub fn covers(&self, stage: &str) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Stages(stages) => stages.iter().any(|name| name.eq_ignore_ascii_case(stage)),
        }
    }
}

/// The key without a value means everything, so an empty value is not the same as none.
pub(super) fn no_cache(door: &Door) -> NoCache {
    match door.raw.get("no-cache").map(String::as_str) {
        None => NoCache::None,
        Some("") => NoCache::All,
        Some(stages) => NoCache::Stages(stages.split(',').map(|stage| stage.trim().to_owned()).collect()),
    }
}

/// `cache-imports`, and the older `cache-from` of references alone.
pub(super) fn imports(door: &mut Door) -> Vec<CacheImport> {
    let mut imports = door.read("cache-imports", from_json);
    let references = door.text("cache-from").unwrap_or_default();
    let older = references.split(',').filter(|reference| !reference.is_empty());
    for import in older.map(registry) {
        if !imports.contains(&import) {
            imports.push(import);
        }
    }
    imports
}

fn from_json(value: &str) -> Result<Vec<CacheImport>, Bad> {
    serde_json::from_str(value).map_err(|cause| {
        Bad::new(
            format!("this is not a list of caches: {cause}"),
            "write `--cache-from type=registry,ref=NAME` and leave the rest to buildx",
        )
    })
}

fn registry(reference: &str) -> CacheImport {
    CacheImport {
        kind: "registry".to_owned(),
        attributes: BTreeMap::from([("ref".to_owned(), reference.to_owned())]),
    }
}
