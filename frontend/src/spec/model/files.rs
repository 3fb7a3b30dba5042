//! `copy:`

use schemars::JsonSchema;
use serde::Deserialize;

use super::Text;
use crate::spec::field::{Field, List};

/// Files that are copied into the image.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Copy {
    /// An image or named context to copy from; the build context when not written.
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
