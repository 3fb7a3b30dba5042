//! The parts of an image.

use modelcrate_fetcher::card::Card;
use modelcrate_fetcher::file::File;

/// Everything that is known of an image's parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory {
    /// The image's name in the spec; `image` where it has none.
    pub name: String,
    /// `linux/arm64`.
    pub platform: String,
    /// When the image was made, in seconds since 1970.
    pub epoch: i64,
    /// Its parts, sorted, each once.
    pub components: Vec<Component>,
    /// Its models, in the order of the spec.
    pub models: Vec<Model>,
    /// Other targets that files were taken of, sorted, with those of their parts that these may belong to.
    pub taken: Vec<Taken>,
}

/// Files of another target, where nobody knows for certain which of its parts they belong to: a piece of a folder of packages, or
/// what a command made of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The target.
    pub target: String,
    /// Paths in it, sorted.
    pub paths: Vec<String>,
    /// Its parts that these may hold, sorted.
    pub components: Vec<Component>,
    /// Its models that these may hold.
    pub models: Vec<Model>,
}

/// A part of an image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Component {
    /// What it is.
    pub kind: Kind,
    /// Its name, as its own world writes it.
    pub name: String,
    /// Its version, commit or digest; what a package manager chooses is not known before it runs.
    pub version: Option<String>,
    /// Its package URL (purl-spec).
    pub purl: String,
    /// SHA-256 of the files that it may come in, sorted.
    pub sha256: Vec<String>,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An image that it stands on or takes files from.
    Image,
    /// A Debian package that was asked for.
    Debian,
    /// The Python that packages run on.
    Interpreter,
    /// A Python package.
    Python,
    /// A Rust crate.
    Crate,
    /// Sources that were compiled.
    Source,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its name in the spec.
    pub name: String,
    /// Its package URL, where its source has one.
    pub purl: Option<String>,
    /// Where people read of it.
    pub address: Option<String>,
    /// Commit or digest.
    pub revision: Option<String>,
    /// What its card says; the spec's own word on the licence comes before the card's.
    pub card: Card,
    /// Its folder in the image.
    pub folder: String,
    /// Its files, by path in the folder. A size of 0 is not known.
    pub files: Vec<File>,
}
