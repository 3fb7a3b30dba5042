//! `copy:`

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::Text;
use crate::spec::field::{Field, List};

/// Keys that make a long form of a `copy` with `src`: ours, and those that are taken for ours.
pub const LONG_COPY: [&str; 9] = [
    "from",
    "chown",
    "chmod",
    "exclude",
    "to",
    "target",
    "destination",
    "owner",
    "mode",
];

/// `{ path/in/context: /path/in/image }`, for the schema alone: what `short.rs` does not take for a long form.
pub struct ShortCopy;

impl JsonSchema for ShortCopy {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ShortCopy".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let long = LONG_COPY.map(|key| json_schema!({ "required": ["src", key] }));
        let mut not = vec![json_schema!({ "required": ["dest"] })];
        not.extend(long);
        json_schema!({
            "type": "object",
            "minProperties": 1,
            "additionalProperties": { "type": "string", "pattern": "^/|\\$\\{" },
            "not": { "anyOf": not },
        })
    }
}

/// Files that are copied into the image.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Copy {
    /// An image or named context to copy from, or `target:NAME`; the build context when not written.
    pub from: Field<Text>,
    /// Paths in the context or image; `*` and `?` are wildcards.
    pub src: Field<List<Text>>,
    /// Absolute path in the image; one that ends in `/` is a folder to copy into.
    pub dest: Field<Text>,
    /// Owner: the name of the spec's `user`, `root`, an id or `uid:gid`. Root when not written.
    pub chown: Field<Text>,
    /// Mode, such as "0755" or `u+x`. As in the source when not written.
    pub chmod: Field<Text>,
    /// Patterns that stay behind, as in `.dockerignore`.
    pub exclude: Field<List<Text>>,
}
