//! The cache of Hugging Face's libraries, as far as a model in it needs one: regular files below `snapshots/COMMIT`, and
//! `refs/NAME` with the commit and no newline (`huggingface_hub/file_download.py`).

use modelcrate_fetcher::file::is_commit;

use super::folder_of_root;
use crate::check::{Checked, HubModel, Layout, Model};
use crate::plan::FileAction;

/// The branch that programs ask for when they name none.
const MAIN: &str = "main";

/// The repository's folder of a model that lies in such a cache, and its commit.
fn place(model: &Model) -> Option<(&HubModel, &str, &str)> {
    let hub = model.hub().filter(|_| model.layout == Layout::HfCache)?;
    let commit = model.found_revision()?;
    let repository = model.folder.strip_suffix(&format!("/snapshots/{commit}"))?;
    Some((hub, repository, commit))
}

/// What names the commit: `main`, and what the spec asks for.
pub(super) fn texts(model: &Model) -> Vec<FileAction> {
    let Some((hub, repository, commit)) = place(model) else {
        return Vec::new();
    };
    let mut names = vec![MAIN];
    if !is_commit(&hub.revision) && hub.revision != MAIN {
        names.push(&hub.revision);
    }
    let text = |name: &str| {
        let path = format!("{repository}/refs/{name}");
        let folder = path
            .rsplit_once('/')
            .map_or_else(String::new, |(folder, _)| folder.to_owned());
        [
            folder_of_root(folder),
            FileAction::File {
                path,
                mode: 0o644,
                text: commit.to_owned(),
            },
        ]
    };
    names.into_iter().flat_map(text).collect()
}

/// Variables that tell the libraries where the cache is, and that all of it is there.
pub(in crate::plan) fn variables(checked: &Checked) -> Vec<(&'static str, String)> {
    let cache = checked.models.iter().find_map(|model| {
        let (hub, repository, _) = place(model)?;
        repository
            .strip_suffix(&hub.repository.folder())?
            .strip_suffix('/')
            .map(ToOwned::to_owned)
    });
    cache.map_or_else(Vec::new, |cache| {
        vec![("HF_HUB_CACHE", cache), ("HF_HUB_OFFLINE", "1".to_owned())]
    })
}
