//! `cuda:`

use schemars::JsonSchema;
use serde::Deserialize;

use super::Text;
use crate::spec::field::{Field, List};

/// CUDA in the image and where things are compiled.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Cuda {
    /// The whole version, as in the tags of nvidia/cuda: "12.8.1"; `auto` takes the one that the Python lock is made for.
    pub version: Field<Text>,
    /// The system of the image, as in the tags of nvidia/cuda. `ubuntu22.04` when not written.
    pub os: Field<Text>,
    /// The flavour of nvidia/cuda where packages are built. `devel` when not written.
    pub build: Field<BuildFlavour>,
    /// The flavour that ships. `runtime` when not written; `none` ships a base without CUDA: `base`, or the
    /// system of `os` alone.
    pub image: Field<ImageFlavour>,
    /// Compute capabilities to compile for: `[80, 90a]` or "80;90a". When not written, those that the lock's PyTorch is made
    /// for, else the common ones that this CUDA compiles for.
    pub archs: Field<List<Text>>,
}

/// Where packages are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum BuildFlavour {
    /// Compiler, headers and libraries.
    Devel,
    /// Libraries.
    Runtime,
    /// The bare minimum.
    Base,
}

/// What ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ImageFlavour {
    /// Libraries.
    Runtime,
    /// The bare minimum.
    Base,
    /// No CUDA in the base: wheels bring their own, or nothing needs it.
    None,
}
