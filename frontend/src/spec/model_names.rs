//! What `${models.NAME.path}` and `${models.NAME.file}` stand for.

use std::collections::BTreeMap;

use super::args::Value;
use super::node::{Kind, Node, Pair};
use crate::diagnostic::{Diagnostic, code};

/// What every such name starts with.
pub const MODELS: &str = "models.";
/// Where models lie unless the spec says otherwise.
const FOLDER: &str = "/models";

/// The names that the models of a spec define, from its `models:` with args and targets applied.
pub fn model_names(spec: &Node) -> BTreeMap<String, Value> {
    let models = spec.get("models").map_or(&[][..], Node::pairs);
    models.iter().flat_map(names).collect()
}

/// The last part of an address, without its query: what the file is called unless the spec says otherwise.
pub fn file_of_url(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    path.split_once('/')
        .and_then(|(_, path)| path.rsplit('/').next())
        .unwrap_or_default()
}

/// Folder of a model, as written or by its name.
pub fn folder_of(name: &str, to: Option<&str>) -> String {
    match to {
        Some(to) => to.trim_end_matches('/').to_owned(),
        None => format!("{FOLDER}/{name}"),
    }
}

fn names(model: &Pair) -> [(String, Value); 2] {
    let name = &model.key.value;
    [
        (format!("{MODELS}{name}.path"), path(model)),
        (format!("{MODELS}{name}.file"), file(model)),
    ]
}

fn path(model: &Pair) -> Value {
    match (model.value.get("to"), model.value.get("path")) {
        (Some(to), _) if !to.is_null() => written(to, |to| folder_of("", Some(to))),
        (_, Some(path)) if !path.is_null() => written(path, |path| folder_of("", Some(path))),
        _ => Value::Known(folder_of(&model.key.value, None)),
    }
}

/// The only file, or why there is none to name.
fn file(model: &Pair) -> Value {
    let folder = match path(model) {
        Value::Known(folder) => folder,
        other => return other,
    };
    let single = |file: &Node| match name_of_file(file) {
        Value::Known(file) => Value::Known(format!("{folder}/{file}")),
        other => other,
    };
    let value = &model.value;
    if value.get("url").is_some() {
        return single(value);
    }
    match value.get("urls").map(|urls| &urls.kind) {
        Some(Kind::Sequence(files)) => match files.as_slice() {
            [file] => single(file),
            [] => Value::Broken,
            _ => several(model),
        },
        Some(Kind::Mapping(_)) => value.get("urls").map_or(Value::Broken, single),
        _ if value.get("image").is_some() => several(model),
        _ => Value::Broken,
    }
}

fn name_of_file(file: &Node) -> Value {
    match (file.get("file"), file.get("url")) {
        (Some(name), _) if !name.is_null() => written(name, ToOwned::to_owned),
        (_, Some(url)) => written(url, |url| file_of_url(url).to_owned()),
        _ => Value::Broken,
    }
}

/// A text that was written, when there was nothing wrong with it; what is wrong is said where it stands.
fn written(node: &Node, meant: impl Fn(&str) -> String) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.unresolved.is_none() => Value::Known(meant(&scalar.text)),
        _ => Value::Broken,
    }
}

fn several(model: &Pair) -> Value {
    let name = &model.key.value;
    let message = format!("`${{models.{name}.file}}` is not known: the model may have several files");
    let finding = Diagnostic::error(code::UNDEFINED_NAME, model.key.span, message)
        .hint(format!("name the file: `${{models.{name}.path}}/FILE`"));
    Value::Missing(Box::new(finding))
}
