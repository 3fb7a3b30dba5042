//! Models that ship and that nothing in the spec asks for: gigabytes for nobody.

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Document, Kind, Node, all_names, folder_of};

/// Models of the spec and its targets that no text refers to, by `${models.NAME…}` or by a folder that they lie in. An image
/// that starts nothing may be there for its files alone, and Hugging Face's libraries find models of their cache by name.
pub fn unused(document: &Document, findings: &mut Findings) {
    let specs = specs(document);
    if !specs.iter().any(|spec| is_started(spec)) {
        return;
    }
    let names = all_names(&document.root);
    let mut texts = Vec::new();
    for spec in &specs {
        for pair in spec.pairs().iter().filter(|pair| pair.key.value != "models") {
            if pair.key.value != "targets" {
                collect(&pair.value, &mut texts);
            }
        }
    }
    let mut known: Vec<&str> = Vec::new();
    for (name, model) in specs.iter().flat_map(|spec| models(spec)) {
        let is_new = !known.contains(&name.value.as_str());
        known.push(&name.value);
        let is_named = names.iter().any(|used| refers(used, &name.value));
        if is_new && !is_named && !is_found_by_name(model) && !is_in_sight(&folder(name, model), &texts) {
            findings.push(unused_model(name));
        }
    }
}

fn unused_model(name: &Spanned<String>) -> Diagnostic {
    let message = format!("nothing in the spec refers to the model `{}`", name.value);
    Diagnostic::warning(code::UNUSED_MODEL, name.span, message)
        .hint(format!(
            "say where it is to whom it is for: `env: {{ MODEL_PATH: \"${{models.{}.path}}\" }}`",
            name.value
        ))
        .hint("or leave it out")
}

/// The spec itself and what its targets say.
fn specs(document: &Document) -> Vec<&Node> {
    let targets = document.root.get("targets");
    let targets = targets.map_or(&[][..], |targets| targets.pairs());
    std::iter::once(&document.root)
        .chain(targets.iter().map(|target| &target.value))
        .collect()
}

fn is_started(spec: &Node) -> bool {
    ["entrypoint", "cmd"].iter().any(|key| {
        spec.get(key)
            .is_some_and(|command| !matches!(command.kind, Kind::Scalar(_)) || command.as_text().is_some())
    })
}

/// Models that bring something; `"*"` and removed ones do not.
fn models(spec: &Node) -> impl Iterator<Item = (&Spanned<String>, &Node)> {
    let pairs = spec.get("models").map_or(&[][..], |models| models.pairs());
    let whole = pairs.iter().filter(|pair| {
        let keys = pair.value.pairs();
        pair.key.value != "*" && keys.iter().any(|key| SOURCES.contains(&key.key.value.as_str()))
    });
    whole.map(|pair| (&pair.key, &pair.value))
}

/// The keys that say where a model comes from.
const SOURCES: [&str; 7] = ["url", "urls", "image", "hf", "s3", "oci", "path"];

fn refers(name: &str, model: &str) -> bool {
    name.strip_prefix("models.")
        .and_then(|rest| rest.strip_prefix(model))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn is_found_by_name(model: &Node) -> bool {
    let text = |key: &str| model.get(key).and_then(|text| text.as_text());
    text("layout") == Some("hf-cache")
}

fn folder(name: &Spanned<String>, model: &Node) -> String {
    let text = |key: &str| model.get(key).and_then(|text| text.as_text());
    let place = match model.get("image") {
        Some(_) => "path",
        None => "to",
    };
    folder_of(&name.value, text(place))
}

/// Whether a text names the folder, or one that it lies in.
fn is_in_sight(folder: &str, texts: &[&str]) -> bool {
    let parents = std::iter::successors(Some(folder), |path| {
        path.rsplit_once('/')
            .map(|(parent, _)| parent)
            .filter(|parent| !parent.is_empty())
    });
    parents
        .into_iter()
        .any(|path| texts.iter().any(|text| text.contains(path)))
}

fn collect<'a>(node: &'a Node, texts: &mut Vec<&'a str>) {
    match &node.kind {
        Kind::Scalar(_) => texts.extend(node.as_text()),
        Kind::Sequence(items) => items.iter().for_each(|item| collect(item, texts)),
        Kind::Mapping(pairs) => {
            for pair in pairs {
                texts.push(&pair.key.value);
                collect(&pair.value, texts);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_model_that_nothing_refers_to_is_a_warning() {
        check_diagnostics(
            r#"
              models:
                used: { image: "example/used:1", license: mit }
                idle: { image: "example/idle:1", license: mit }
            #   ^^^^ warning[unused-model]: nothing in the spec refers to the model `idle`
            # = hint: say where it is to whom it is for: `env: { MODEL_PATH: "${models.idle.path}" }`
            # = hint: or leave it out
                other: { image: "example/other:1", path: /srv/other, license: mit }
              entrypoint: [serve, --model, "${models.used.path}"]
              env: { FOLDER: /srv }
        "#,
        );
    }

    #[test]
    fn the_folder_of_all_models_speaks_of_each() {
        check_diagnostics(
            r#"
              models: { a: { image: "example/a:1", license: mit }, b: { image: "example/b:1", license: mit } }
              entrypoint: [serve, --models=/models]
        "#,
        );
    }

    #[test]
    fn an_image_that_starts_nothing_is_there_for_its_files() {
        check_diagnostics(
            r#"
              models: { a: { image: "example/a:1", license: mit } }
        "#,
        );
    }
}
