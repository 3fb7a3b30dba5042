//! `schema`: the JSON Schema of the spec, for editors.

use super::{Answer, By, Call};
use crate::spec::schema::json_schema;

/// Our own question; there is no spec to read for it.
pub(super) const CALL: Call = Call {
    name: "frontend.schema",
    aliases: &[],
    version: "1.0.0",
    description: "Print the JSON Schema of the spec, for editors",
    by: By::Itself(answer),
};

fn answer() -> Answer {
    let schema = json_schema();
    Answer::text(schema.clone()).with_json(schema.trim_end())
}
