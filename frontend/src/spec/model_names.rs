//! What `${models.NAME.path}`, `${models.NAME.file}` and `${models.NAME.revision}` stand for.

use std::collections::BTreeMap;

use modelcrate_fetcher::hub::Repository;

use super::args::Value;
use super::node::{Kind, Node, Pair};
use super::{ResolvedModel, ResolvedModels, hub_folder};
use crate::diagnostic::{Diagnostic, code};

/// What every such name starts with.
pub const MODELS: &str = "models.";
/// Where models lie unless the spec says otherwise.
const FOLDER: &str = "/models";
/// Where models lie with `layout: hf-cache`, unless the spec says otherwise.
pub const HUB_CACHE: &str = "/models/hub";

/// Sources that are asked which files they have. `path` is one where it stands alone.
const LISTED: [&str; 4] = ["hf", "s3", "oci", "path"];

/// The names that the models of a spec define, from the `models:` of a target with args and overrides applied.
pub fn model_names(spec: &Node, target: Option<&str>, known: &ResolvedModels) -> BTreeMap<String, Value> {
    let models = spec.get("models").map_or(&[][..], Node::pairs);
    let names = |model: &Pair| {
        let key = (target.map(ToOwned::to_owned), model.key.value.clone());
        names(model, known.get(&key))
    };
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

fn names(model: &Pair, known: Option<&ResolvedModel>) -> Vec<(String, Value)> {
    let named = |part: &str, value: Value| (format!("{MODELS}{}.{part}", model.key.value), value);
    let mut names = vec![
        named("path", path(model, known)),
        named("file", file(model, known)),
    ];
    if ["hf", "oci"].iter().any(|key| model.value.get(key).is_some()) {
        let revision = ResolvedModel::revision_of(known).to_owned();
        names.push(named("revision", Value::Known(revision)));
    }
    names
}

fn path(model: &Pair, known: Option<&ResolvedModel>) -> Value {
    let value = &model.value;
    let in_cache = value.get("layout").and_then(Node::as_text) == Some("hf-cache");
    if let (true, Some(hf)) = (in_cache, value.get("hf")) {
        return match to(model, HUB_CACHE) {
            Value::Known(cache) => in_hub_cache(&cache, hf, known),
            other => other,
        };
    }
    let written_to = value.get("to").is_some_and(|to| !to.is_null());
    match value.get("path") {
        Some(path) if value.get("image").is_some() && !written_to && !path.is_null() => {
            written(path, |path| folder_of("", Some(path)))
        }
        _ => to(model, &folder_of(&model.key.value, None)),
    }
}

/// What `to` says, or where the model lies without it.
fn to(model: &Pair, default: &str) -> Value {
    match model.value.get("to") {
        Some(to) if !to.is_null() => written(to, |to| folder_of("", Some(to))),
        _ => Value::Known(default.to_owned()),
    }
}

fn in_hub_cache(cache: &str, hf: &Node, known: Option<&ResolvedModel>) -> Value {
    let Value::Known(written) = written(hf, ToOwned::to_owned) else {
        return Value::Broken;
    };
    let name = written.split('@').next().unwrap_or_default();
    match Repository::parse(name) {
        Ok(repository) => Value::Known(hub_folder(cache, &repository, ResolvedModel::revision_of(known))),
        Err(_) => Value::Broken,
    }
}

/// The only file, or why there is none to name.
fn file(model: &Pair, known: Option<&ResolvedModel>) -> Value {
    let folder = match path(model, known) {
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
        _ if LISTED.iter().any(|key| value.get(key).is_some()) => match known.map(ResolvedModel::main_file) {
            Some(Some(file)) => Value::Known(format!("{folder}/{file}")),
            Some(None) => several(model),
            // As for the commit: something stands for it until the hub was asked.
            None => Value::Known(format!("{folder}/file")),
        },
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
