//! Models: a layer for each large file, known by what it holds and made of nothing else.

use std::collections::BTreeSet;

use super::{Action, CopyAction, DOWNLOADED, FileAction, On, Step, StepId, Steps, Tree, copies};
use crate::check::{Checked, Model, ModelFile, ModelSource};

/// Ends of the names of files that hold weights. Sizes are not known before a download; the rest (configs, tokenizers,
/// templates) is small and shares a layer.
const WEIGHTS: [&str; 17] = [
    "safetensors",
    "gguf",
    "ggml",
    "bin",
    "onnx",
    "onnx_data",
    "pt",
    "pth",
    "ckpt",
    "h5",
    "msgpack",
    "npz",
    "npy",
    "tflite",
    "engine",
    "nemo",
    "tar",
];
/// Layers that weights may take of the hundred or so that an image has.
const MOST_LAYERS: usize = 48;

/// The layers of every model.
pub(super) fn models(steps: &mut Steps, checked: &Checked) -> Tree {
    let large = checked
        .models
        .iter()
        .flat_map(files)
        .filter(|file| is_large(file));
    let together = large.count().div_ceil(MOST_LAYERS).max(1);
    let mut tree = Tree::new();
    for model in &checked.models {
        match &model.source {
            ModelSource::Image(image) => {
                tree.push(steps.image("models", &image.value, image.span, On::Target));
            }
            ModelSource::Files { token, .. } => {
                let token = token.as_ref().map(|token| token.value.as_str());
                tree.extend(layers(steps, model, token, together));
            }
        }
    }
    tree
}

fn files(model: &Model) -> &[ModelFile] {
    match &model.source {
        ModelSource::Files { files, .. } => files,
        ModelSource::Image(_) => &[],
    }
}

/// Small files first, then the large ones, `together` of them in a layer.
fn layers(steps: &mut Steps, model: &Model, token: Option<&str>, together: usize) -> Tree {
    let mut sorted: Vec<&ModelFile> = files(model).iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let (large, small): (Vec<&ModelFile>, Vec<&ModelFile>) =
        sorted.into_iter().partition(|file| is_large(file));
    let bundles = (!small.is_empty()).then_some(small.as_slice());
    bundles
        .into_iter()
        .chain(large.chunks(together))
        .map(|files| layer(steps, model, token, files))
        .collect()
}

fn is_large(file: &ModelFile) -> bool {
    let end = file.path.rsplit('.').next().unwrap_or_default();
    WEIGHTS.iter().any(|weights| weights.eq_ignore_ascii_case(end))
}

fn layer(steps: &mut Steps, model: &Model, token: Option<&str>, files: &[&ModelFile]) -> StepId {
    let mut actions = copies::parents(&model.folder);
    actions.extend(folders(model, files));
    actions.extend(files.iter().map(|file| copy(steps, model, token, file)));
    let name = match files {
        [file] => format!("add {}/{}", model.name.value, file.path),
        several => format!("add {} files of {}", several.len(), model.name.value),
    };
    steps.add(Step {
        stage: "models",
        name,
        span: model.span,
        platform: On::Any,
        action: Action::Files(actions),
    })
}

/// Every folder that the files lie in, made on its own: one that a copy makes would get the mode of the file.
fn folders(model: &Model, files: &[&ModelFile]) -> impl Iterator<Item = FileAction> {
    let folder = |file: &&ModelFile| match file.path.rsplit_once('/') {
        Some((folder, _)) => format!("{}/{folder}", model.folder),
        None => model.folder.clone(),
    };
    let folders: BTreeSet<String> = files.iter().map(folder).collect();
    folders.into_iter().map(|path| FileAction::Folder {
        path,
        mode: 0o755,
        owner: None,
    })
}

fn copy(steps: &mut Steps, model: &Model, token: Option<&str>, file: &ModelFile) -> FileAction {
    let action = Action::Download {
        url: file.url.value.clone(),
        sha256: file.sha256.value.clone(),
        token: token.map(ToOwned::to_owned),
    };
    let from = steps.add(Step {
        stage: "models",
        name: format!("download {}/{}", model.name.value, file.path),
        span: file.url.span,
        platform: On::Any,
        action,
    });
    FileAction::Copy(CopyAction {
        from,
        source: DOWNLOADED.into(),
        dest: format!("{}/{}", model.folder, file.path),
        owner: None,
        mode: Some("0644".into()),
        exclude: Vec::new(),
    })
}
