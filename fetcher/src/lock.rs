//! `modelcrate.lock`: what a spec stood for when it was locked.
//!
//! It lies beside the spec and holds commits, digests and sizes; never an address with a query, never a token.

use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::file::{File, is_commit};

/// What the file is called, beside the spec.
pub const NAME: &str = "modelcrate.lock";
/// The version that is written, and the newest that is read.
pub const VERSION: u32 = 1;

/// A whole lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// [`VERSION`].
    pub version: u32,
    /// Images that the spec stands on, by name.
    #[serde(default, rename = "image", skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// Models whose files the spec does not say itself, by name.
    #[serde(default, rename = "model", skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<Model>,
}

/// An image, and what its name stood for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// The whole name with its tag, `docker.io/library/debian:12`.
    pub name: String,
    /// `sha256:` and 64 digits: of the index where the image has several platforms.
    pub digest: String,
}

/// A model, and the files that its source held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its name in the spec.
    pub name: String,
    /// Where it comes from: `hf:org/repo`, `s3:bucket/prefix`, `oci:registry/name`.
    pub source: String,
    /// The revision or tag that the spec asks for; `None` where the source has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// What `asked` stood for: a commit of 40 digits, a digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The patterns of the files that the spec asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// The patterns of the files that it leaves out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// What its card says.
    #[serde(default, skip_serializing_if = "Card::is_empty")]
    pub card: Card,
    /// The files, by path.
    #[serde(default, rename = "file", skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
}

impl Lock {
    /// A lock in its one order: images and models by name, files by path, each once.
    pub fn new(mut images: Vec<Image>, mut models: Vec<Model>) -> Self {
        images.sort();
        images.dedup();
        models.sort();
        for model in &mut models {
            model.files.sort();
            model.files.dedup();
        }
        models.dedup();
        Self {
            version: VERSION,
            images,
            models,
        }
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// For what is no lock, is of a newer version, or holds a path, digest or commit that cannot be one.
    pub fn read(text: &str) -> Result<Self, LockError> {
        let version: OnlyVersion = toml::from_str(text).map_err(|error| LockError::syntax(&error))?;
        if version.version != VERSION {
            return Err(LockError::Version(version.version));
        }
        let lock: Self = toml::from_str(text).map_err(|error| LockError::syntax(&error))?;
        lock.sound()?;
        Ok(lock)
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Never for what [`Lock::new`] makes; the serializer has errors for shapes that TOML lacks.
    pub fn write(&self) -> Result<String, toml::ser::Error> {
        let body = toml::to_string(self)?;
        Ok(format!(
            "# What the spec beside this file stood for. Written by `docker buildx build --call=lock`; keep it in version control.\n{body}"
        ))
    }

    /// The digest of an image by its whole name.
    pub fn digest(&self, name: &str) -> Option<&str> {
        let image = self.images.iter().find(|image| image.name == name)?;
        Some(&image.digest)
    }

    fn sound(&self) -> Result<(), LockError> {
        for model in &self.models {
            if let Some(file) = model.files.iter().find(|file| !file.is_sound()) {
                return Err(LockError::File(model.name.clone(), file.path.clone()));
            }
            let is_hub = model.source.starts_with("hf:");
            if is_hub && !model.revision.as_deref().is_some_and(is_commit) {
                return Err(LockError::Commit(model.name.clone()));
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct OnlyVersion {
    version: u32,
}

/// Why a text is no lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockError {
    /// What the TOML reader says, on one line, with the line where it stopped if that is known.
    Syntax(String, Option<std::ops::Range<usize>>),
    /// A version of another release.
    Version(u32),
    /// A model and one of its paths: the path leaves its folder or the digest is none.
    File(String, String),
    /// A model of a hub without a commit.
    Commit(String),
}

impl LockError {
    fn syntax(error: &toml::de::Error) -> Self {
        Self::Syntax(error.message().replace('\n', " "), error.span())
    }
}

impl std::fmt::Display for LockError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(message, _) => f.write_str(message),
            Self::Version(version) => {
                write!(f, "it is of version {version}, and this release reads {VERSION}")
            }
            Self::File(model, path) => {
                write!(
                    f,
                    "the file `{path}` of `{model}` has a path or a SHA-256 that is none"
                )
            }
            Self::Commit(model) => write!(f, "`{model}` has no `revision` of 40 digits"),
        }
    }
}

impl std::error::Error for LockError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> File {
        File {
            path: path.into(),
            size: 3,
            sha256: "a".repeat(64),
        }
    }

    fn model(name: &str, files: Vec<File>) -> Model {
        Model {
            name: name.into(),
            source: "hf:org/repo".into(),
            asked: Some("main".into()),
            revision: Some("1".repeat(40)),
            include: Vec::new(),
            exclude: Vec::new(),
            card: Card::default(),
            files,
        }
    }

    #[test]
    fn the_order_is_always_the_same() {
        let lock = Lock::new(
            Vec::new(),
            vec![model("b", vec![]), model("a", vec![file("z"), file("b/c")])],
        );
        let text = lock.write().unwrap();
        let expected = format!(
            "version = 1

[[model]]
name = \"a\"
source = \"hf:org/repo\"
asked = \"main\"
revision = \"{commit}\"

[[model.file]]
path = \"b/c\"
size = 3
sha256 = \"{sha256}\"

[[model.file]]
path = \"z\"
size = 3
sha256 = \"{sha256}\"

[[model]]
name = \"b\"
source = \"hf:org/repo\"
asked = \"main\"
revision = \"{commit}\"
",
            commit = "1".repeat(40),
            sha256 = "a".repeat(64),
        );
        assert_eq!(text.split_once('\n').unwrap().1, expected);
        assert_eq!(Lock::read(&text).unwrap(), lock);
    }

    #[test]
    fn what_a_lock_cannot_say_is_refused() {
        let of = |model: Model| Lock::read(&Lock::new(Vec::new(), vec![model]).write().unwrap());
        assert_eq!(
            of(model("m", vec![file("../../etc/passwd")])),
            Err(LockError::File("m".into(), "../../etc/passwd".into()))
        );
        let branch = Model {
            revision: Some("main".into()),
            ..model("m", vec![])
        };
        assert_eq!(of(branch), Err(LockError::Commit("m".into())));
        assert_eq!(Lock::read("version = 2\nother = 1"), Err(LockError::Version(2)));
        assert!(matches!(
            Lock::read("version = 1\nother = 1"),
            Err(LockError::Syntax(..))
        ));
        assert!(matches!(Lock::read(""), Err(LockError::Syntax(..))));
    }
}
