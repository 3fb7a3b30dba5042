//! `budget:`

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Text, Whole};
use crate::spec::field::{Field, List};

/// What the image may weigh. `10GB` is 10⁹ bytes ten times, `10GiB` is 2³⁰ bytes ten times.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Budget {
    /// All files of its layers, such as `10GB`.
    pub unpacked: Field<Text>,
    /// Its layers as they are pushed and pulled, such as `4GB`; estimated, since they are packed after the check.
    pub compressed: Field<Text>,
    /// How many layers it has.
    pub layers: Field<Whole>,
    /// What does not count, and is not looked at: `models`, `base`.
    pub except: Field<List<Except>>,
}

/// A part of the image that a budget leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Except {
    /// Files of models.
    Models,
    /// The image that this one starts from.
    Base,
}
