//! What an image says of its models, for those who look at them or fetch them when its container starts.

use modelcrate_fetcher::file::File;
use modelcrate_fetcher::manifest::{Deliver, Manifest, Model};

use crate::check::{self, Checked, ModelSource};

/// The models whose files are known; nothing when there are none. Those of another image are not: nobody reads a layer for it.
pub(super) fn manifest(checked: &Checked) -> Option<Manifest> {
    let models: Vec<Model> = checked.models.iter().filter_map(model).collect();
    (!models.is_empty()).then_some(Manifest { models })
}

fn model(model: &check::Model) -> Option<Model> {
    let ModelSource::Files { files, token } = &model.source else {
        return None;
    };
    let mut files: Vec<File> = files.iter().map(file).collect();
    files.sort();
    Some(Model {
        name: model.name.value.clone(),
        folder: model.folder.clone(),
        deliver: Deliver::Bake,
        revision: None,
        files,
        texts: Default::default(),
        source: None,
        token: token.as_ref().map(|token| token.value.clone()),
    })
}

/// The spec pins files by address alone; their sizes are not known.
fn file(file: &check::ModelFile) -> File {
    File {
        path: file.path.clone(),
        size: 0,
        sha256: file.sha256.value.clone(),
    }
}
