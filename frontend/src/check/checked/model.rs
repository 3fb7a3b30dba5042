//! Models.

use crate::source::{Span, Spanned};

/// A model that lies in the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: Spanned<String>,
    /// Absolute path of its folder, without a `/` at the end.
    pub folder: String,
    /// Where its files come from.
    pub source: ModelSource,
    /// Where it was written.
    pub span: Span,
}

/// Where the files of a model come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelSource {
    /// Files that are downloaded, each known by what it holds.
    Files {
        /// The files; each path once.
        files: Vec<ModelFile>,
        /// Id of the secret with the value of the `Authorization` header.
        token: Option<Spanned<String>>,
    },
    /// All files of an image.
    Image(Spanned<String>),
}

/// A file of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// Where it lies in the model's folder: a clean relative path.
    pub path: String,
    /// Where it is downloaded from.
    pub url: Spanned<String>,
    /// SHA-256 of what it holds, 64 lower-case hexadecimal digits.
    pub sha256: Spanned<String>,
}
