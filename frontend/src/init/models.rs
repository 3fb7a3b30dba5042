//! Models that sources name.

use std::collections::BTreeMap;

use regex::Regex;

use super::folder::Folder;
use super::words;

/// A model of a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Model {
    /// Its name in the spec.
    pub key: String,
    /// `org/name`.
    pub id: String,
    /// The file and line that name it.
    pub found: String,
}

/// Calls of the hub's own libraries, and constants called after models, whose text is `org/name`.
const NAMED: &str = r#"(?x)
    (?: (?: from_pretrained | snapshot_download | hf_hub_download | SentenceTransformer | CrossEncoder | LLM )
            \( \s* (?: (?:repo_id|model|pretrained_model_name_or_path|model_name_or_path) \s* = \s* )?
      | \b (?: [A-Z_]*MODEL (?:_ID|_NAME|_REPO)? | model_id | model_name | repo_id ) \s* (?: :\s*\w+\s* )? [=:] \s*
      | pipeline\( [^)]*? model \s* = \s*
    )
    ["'] ( [A-Za-z0-9][\w.-]* / [A-Za-z0-9][\w.-]* ) ["']
"#;

/// Every model that sources name, in the order of their names.
pub(super) fn models(folder: &Folder) -> Vec<Model> {
    let Ok(named) = Regex::new(NAMED) else {
        return Vec::new();
    };
    let mut found: BTreeMap<String, Model> = BTreeMap::new();
    for (path, text) in folder.sources(&[".py", ".rs", ".ipynb"]) {
        for id in named.captures_iter(text).filter_map(|call| call.get(1)) {
            let is_path = folder.files.keys().any(|file| file.starts_with(id.as_str()));
            let Some(key) = id
                .as_str()
                .split('/')
                .nth(1)
                .and_then(words::name)
                .filter(|_| !is_path)
            else {
                continue;
            };
            let line = text[..id.start()].matches('\n').count() + 1;
            found.entry(key.clone()).or_insert_with(|| Model {
                key,
                id: id.as_str().to_owned(),
                found: format!("{path}:{line}"),
            });
        }
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::super::Folder;
    use super::models;

    #[test]
    fn models_are_found_where_the_hubs_libraries_name_them() {
        let text = "tok = AutoTokenizer.from_pretrained(\n    \"org/One-7B\")\nMODEL_ID: str = 'acme/two.v1'\n\
            pipe = pipeline('text', model=\"acme/three\")\nopen('data/file')\nmodel = LLM(model=\"local/path\")\n";
        let files = [
            ("src/app.py", text),
            ("tests/t.py", "x.from_pretrained('no/no')"),
            ("local/path/config.json", ""),
        ];
        let folder = Folder {
            name: "app".into(),
            files: files.map(|(path, text)| (path.into(), text.into())).into(),
        };
        let found: Vec<String> = models(&folder)
            .into_iter()
            .map(|model| format!("{} {} {}", model.key, model.id, model.found))
            .collect();
        assert_eq!(
            found,
            [
                "one-7b org/One-7B src/app.py:2",
                "three acme/three src/app.py:4",
                "two-v1 acme/two.v1 src/app.py:3"
            ]
        );
    }
}
