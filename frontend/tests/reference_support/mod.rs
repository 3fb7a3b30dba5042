//! The keys of a JSON Schema, in words.

use serde_json::Value;

/// A key of the spec, and those below it.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// What the schema says of it, as a cell of a table.
    pub description: String,
    /// What it takes: `text`, `list`, `mapping`.
    pub kind: String,
    /// Keys of its mappings.
    pub below: Vec<Self>,
    /// Those mappings stand below names of the user's own.
    pub by_name: bool,
}

/// The keys of a spec, sorted.
pub fn keys(schema: &Value) -> Vec<Key> {
    of_object(schema, schema)
}

impl Key {
    /// Every key below it, by path.
    pub fn all_below(&self) -> Vec<(String, &Self)> {
        let here = match self.by_name {
            true => format!("{}.NAME", self.name),
            false => self.name.clone(),
        };
        let mut all = Vec::new();
        for key in &self.below {
            all.push((format!("{here}.{}", key.name), key));
            let below = key.all_below().into_iter();
            all.extend(below.map(|(path, key)| (format!("{here}.{path}"), key)));
        }
        all
    }
}

fn of_object(schema: &Value, object: &Value) -> Vec<Key> {
    let properties = object["properties"].as_object();
    let keys = properties.into_iter().flatten().map(|(name, value)| {
        let mut objects = objects(value, false);
        objects.dedup();
        let below = objects
            .iter()
            .map(|(definition, _)| &schema["definitions"][definition]);
        Key {
            name: name.clone(),
            description: described(value),
            kind: kinds(value).join(" or "),
            below: below.flat_map(|object| of_object(schema, object)).collect(),
            by_name: objects.iter().any(|(_, by_name)| *by_name),
        }
    });
    keys.collect()
}

fn described(value: &Value) -> String {
    let text = value["description"].as_str().unwrap_or_default();
    text.replace('|', "\\|").replace("  ", " ")
}

/// The definitions of the mappings that a value may be, or be a list or mapping of, and whether they stand below names. A target
/// is a spec again, and not told twice.
fn objects(value: &Value, by_name: bool) -> Vec<(&str, bool)> {
    let definition = value["$ref"]
        .as_str()
        .and_then(|name| name.strip_prefix("#/definitions/"));
    let mut found: Vec<(&str, bool)> = definition
        .map(|definition| (definition, by_name))
        .into_iter()
        .collect();
    let parts = ["anyOf", "allOf"]
        .iter()
        .filter_map(|key| value[key].as_array())
        .flatten();
    found.extend(parts.flat_map(|part| objects(part, by_name)));
    found.extend(
        value
            .get("items")
            .into_iter()
            .flat_map(|items| objects(items, by_name)),
    );
    found.extend(
        value
            .get("additionalProperties")
            .into_iter()
            .flat_map(|named| objects(named, true)),
    );
    found
}

/// What a value may be. An arg stands for any of them, and nothing is the same as leaving the key out.
fn kinds(value: &Value) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    let mut add = |kind: String| {
        if !kind.is_empty() && !kinds.contains(&kind) {
            kinds.push(kind);
        }
    };
    if let Some(word) = value.get("const") {
        add(format!(
            "`{}`",
            word.as_str().map_or(word.to_string(), ToOwned::to_owned)
        ));
    } else if value["pattern"].as_str() == Some("\\$\\{.+\\}") {
        return kinds;
    } else if value.get("$ref").is_some() {
        add("mapping".into());
    } else {
        types(value).for_each(&mut add);
    }
    for key in ["anyOf", "allOf"] {
        for part in value[key].as_array().into_iter().flatten() {
            self::kinds(part).into_iter().for_each(&mut add);
        }
    }
    kinds
}

fn types(value: &Value) -> impl Iterator<Item = String> {
    let types = match &value["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    // YAML's numbers and truths are taken where a text belongs.
    let is_text = types.contains(&"string");
    let word = move |kind: &str| match kind {
        "string" => "text",
        "boolean" if !is_text => "true or false",
        "integer" => "number",
        "array" => "list",
        "object" => "mapping",
        _ => "",
    };
    let words: Vec<String> = types.into_iter().map(|kind| word(kind).to_owned()).collect();
    words.into_iter()
}
