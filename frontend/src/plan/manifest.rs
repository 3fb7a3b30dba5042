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
    let (mut files, token): (Vec<File>, _) = match &model.source {
        ModelSource::Files { files, token } => (files.iter().map(file).collect(), token),
        ModelSource::Hub(hub) => (model.found_files().to_vec(), &hub.token),
        ModelSource::Image(_) => return None,
    };
    files.sort();
    Some(Model {
        name: model.name.value.clone(),
        folder: model.folder.clone(),
        deliver: Deliver::Bake,
        revision: model.found.as_ref().and_then(|found| found.revision.clone()),
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
