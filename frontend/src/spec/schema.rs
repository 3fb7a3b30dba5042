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
