//! The JSON Schema of the spec, for editors.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::model::Spec;

/// The schema as text, two spaces deep, ending in a newline: what `schema/modelcrate.schema.json` holds.
pub fn json_schema() -> String {
    let mut schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<Spec>();
    schema.insert("title".to_string(), json!("modelcrate spec"));
    schema.insert("patternProperties".to_string(), json!({ "^x-": true }));
    let mut schema = Value::from(schema);
    widen(&mut schema);
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text + "\n"
}

/// What the types do not say: a word may come from an arg, and any key may stand without a value.
fn widen(schema: &mut Value) {
    match schema {
        Value::Array(parts) => parts.iter_mut().for_each(widen),
        Value::Object(parts) => {
            parts.values_mut().for_each(widen);
            if let Some(Value::Array(mut words)) = parts.remove("oneOf") {
                words.push(json!({ "type": "string", "pattern": "\\$\\{.+\\}" }));
                parts.insert("anyOf".to_string(), words.into());
            }
            if let Some(Value::Object(properties)) = parts.get_mut("properties") {
                properties.values_mut().for_each(or_nothing);
            }
            if let Some(Value::String(description)) = parts.get_mut("description") {
                *description = description.replace('\n', " ");
            }
        }
        _ => {}
    }
}

/// Lets a key stand without a value.
fn or_nothing(property: &mut Value) {
    if let Some(Value::Array(kinds)) = property.get_mut("type") {
        kinds.push(json!("null"));
    } else if let Some(Value::Array(ways)) = property.get_mut("anyOf") {
        ways.push(json!({ "type": "null" }));
    } else if let Value::Object(mut way) = property.take() {
        let description = way.remove("description").unwrap_or_default();
        *property = json!({ "anyOf": [way, { "type": "null" }], "description": description });
    }
}

#[cfg(test)]
mod tests {
    use super::json_schema;
    use crate::spec::model::LONG_COPY;

    const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/modelcrate.schema.json");

    /// An editor then marks a wrong key as such, instead of taking the item for `{ path: path }`.
    #[test]
    fn a_copy_with_a_key_of_the_long_form_is_no_short_one() {
        let schema: serde_json::Value = serde_json::from_str(&json_schema()).unwrap();
        let short = &schema["properties"]["copy"]["anyOf"][0]["items"]["anyOf"][1];
        let excluded = short["not"]["anyOf"].as_array().unwrap();
        assert_eq!(excluded.len(), LONG_COPY.len() + 1);
        assert_eq!(short["additionalProperties"]["pattern"], "^/|\\$\\{");
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the wish to update is told through the environment"
    )]
    fn the_schema_in_the_repository_is_the_one_of_the_types() {
        if std::env::var("UPDATE_SCHEMA").is_ok() {
            std::fs::write(PATH, json_schema()).unwrap();
        }
        let kept = std::fs::read_to_string(PATH).unwrap_or_default();
        assert!(
            kept == json_schema(),
            "{PATH} is not current; run: UPDATE_SCHEMA=1 cargo test --workspace schema"
        );
    }
}
