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
    let text = serde_json::to_string_pretty(&Value::from(schema)).unwrap_or_default();
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::json_schema;

    const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/modelcrate.schema.json");

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
            "{PATH} is not current; run: UPDATE_SCHEMA=1 cargo test -p modelcrate schema"
        );
    }
}
