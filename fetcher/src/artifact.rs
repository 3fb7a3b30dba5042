//! Artifacts of OCI registries: which files a manifest names.
//!
//! Two conventions are read: ModelPack's (`org.cncf.model.filepath` of a layer, modelpack/model-spec `annotations.md`) and that
//! of ORAS and others (`org.opencontainers.image.title`, opencontainers/image-spec `annotations.md`).

use serde::Deserialize;

use crate::file::{File, is_clean, is_sha256};

/// Types of manifests that are asked for (opencontainers/image-spec `media-types.md`).
pub const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";

/// Where a layer's file goes, in the order of preference.
const PATHS: [&str; 2] = ["org.cncf.model.filepath", "org.opencontainers.image.title"];
/// Set where a layer is an archive that ORAS made of a folder (oras-go `content/file/file.go`, `AnnotationUnpack`).
const UNPACK: &str = "io.deis.oras.content.unpack";
/// The type that ORAS gives to every file of which nobody says another, whatever it holds.
const ANY_FILE: &str = "application/vnd.oci.image.layer.v1.tar";
/// The type that it gives to folders.
const FOLDER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Types of an image's config: it holds a root filesystem, not a model's files.
const IMAGES: [&str; 2] = [
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
];

/// Why a manifest names no files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadArtifact {
    /// It is no manifest.
    NoManifest(String),
    /// It lists manifests.
    Index,
    /// It is a container image.
    Image,
    /// A layer, by its place from 1 on, has no name.
    Unnamed(usize),
    /// A file's path leaves its folder, or its digest is not SHA-256.
    Unsound(String),
}

/// One blob of an artifact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layer {
    /// What it is called, and what the blob is.
    pub file: File,
    /// It is an archive, whose files lie below the model's folder as it says: not the file of that name itself.
    pub packed: bool,
}

impl BadArtifact {
    /// What to do.
    pub fn fix(&self) -> &'static str {
        match self {
            Self::NoManifest(_) => "compare the address with what `docker login` and `docker push` are given",
            Self::Index => "name one of them by its digest: `REGISTRY/NAME@sha256:…`",
            Self::Image => "write `image:` in place of `oci:`",
            Self::Unnamed(_) => "push it with ORAS or as a ModelPack, which name their files",
            Self::Unsound(_) => "push it again with paths below its own folder",
        }
    }
}

impl std::fmt::Display for BadArtifact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoManifest(why) => write!(f, "what the registry gives is no manifest: {why}"),
            Self::Index => f.write_str("it is a list of several artifacts"),
            Self::Image => f.write_str("it is a container image"),
            Self::Unnamed(place) => write!(
                f,
                "layer {place} has no file name: neither `{}` nor `{}`",
                PATHS[0], PATHS[1]
            ),
            Self::Unsound(path) => write!(f, "the file `{path}` has a path or a digest that is none"),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    #[serde(default)]
    manifests: Option<serde_json::Value>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default)]
    artifact_type: Option<String>,
    #[serde(default)]
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    #[serde(default)]
    digest: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    annotations: Option<std::collections::BTreeMap<String, String>>,
}

/// The layers that a manifest names, by path.
///
/// # Errors
/// For what is no artifact of files.
pub fn layers(manifest: &[u8]) -> Result<Vec<Layer>, BadArtifact> {
    let manifest: Manifest =
        serde_json::from_slice(manifest).map_err(|error| BadArtifact::NoManifest(error.to_string()))?;
    if manifest.manifests.is_some() {
        return Err(BadArtifact::Index);
    }
    let config = manifest
        .config
        .map(|config| config.media_type)
        .unwrap_or_default();
    // An artifact may say with an image's config that it has none of its own, and then names its type.
    if manifest.artifact_type.is_none() && IMAGES.contains(&config.as_str()) {
        return Err(BadArtifact::Image);
    }
    let layers = manifest.layers.into_iter().enumerate();
    let mut layers = layers
        .map(|(number, layer)| self::layer(number + 1, layer))
        .collect::<Result<Vec<Layer>, BadArtifact>>()?;
    layers.sort();
    let twice =
        |pair: &&[Layer]| pair[0].file.path == pair[1].file.path && !pair[0].packed && !pair[1].packed;
    match layers.windows(2).find(twice) {
        Some(pair) => Err(BadArtifact::Unsound(pair[0].file.path.clone())),
        None => Ok(layers),
    }
}

fn layer(place: usize, layer: Descriptor) -> Result<Layer, BadArtifact> {
    let names = layer.annotations.unwrap_or_default();
    let path = PATHS.iter().find_map(|key| names.get(*key));
    let path = path
        .ok_or(BadArtifact::Unnamed(place))?
        .trim_start_matches("./")
        .to_owned();
    let sha256 = layer
        .digest
        .strip_prefix("sha256:")
        .unwrap_or_default()
        .to_owned();
    if !is_clean(&path) || !is_sha256(&sha256) {
        return Err(BadArtifact::Unsound(path));
    }
    let packed = is_packed(&layer.media_type, &path, names.get(UNPACK));
    let file = File {
        path,
        size: layer.size,
        sha256,
    };
    Ok(Layer { file, packed })
}

/// Whether a layer is an archive with the file or folder of this name in it.
fn is_packed(kind: &str, path: &str, unpack: Option<&String>) -> bool {
    match kind {
        _ if unpack.is_some_and(|unpack| unpack == "true") => true,
        ANY_FILE => false,
        // An archive that somebody pushed as such is a file as any other.
        FOLDER => ![".gz", ".tgz"].iter().any(|end| path.ends_with(end)),
        _ => [".tar", ".tar+gzip", ".tar+zstd"]
            .iter()
            .any(|end| kind.ends_with(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn layer(kind: &str, key: &str, path: &str) -> Value {
        json!({ "mediaType": kind, "digest": format!("sha256:{}", "a".repeat(64)), "size": 7, "annotations": { key: path } })
    }

    fn read(layers: &[Value]) -> Result<Vec<String>, BadArtifact> {
        let manifest = json!({ "schemaVersion": 2, "config": { "mediaType": "application/vnd.oci.empty.v1+json" }, "layers": layers });
        let layers = super::layers(manifest.to_string().as_bytes())?;
        let word = |layer: Layer| match layer.packed {
            true => format!("{} packed", layer.file.path),
            false => layer.file.path,
        };
        Ok(layers.into_iter().map(word).collect())
    }

    #[test]
    fn both_conventions_name_files() {
        let pack = layer(
            "application/vnd.cncf.model.weight.v1.raw",
            "org.cncf.model.filepath",
            "q4/m.gguf",
        );
        let oras = layer(
            "application/octet-stream",
            "org.opencontainers.image.title",
            "./config.json",
        );
        assert_eq!(read(&[pack, oras]).unwrap(), ["config.json", "q4/m.gguf"]);
    }

    #[test]
    fn what_oras_pushes_without_a_type_is_a_file_and_a_folder_is_none() {
        let title = "org.opencontainers.image.title";
        assert_eq!(read(&[layer(ANY_FILE, title, "m.gguf")]).unwrap(), ["m.gguf"]);
        assert_eq!(read(&[layer(FOLDER, title, "m.tar.gz")]).unwrap(), ["m.tar.gz"]);
        assert_eq!(read(&[layer(FOLDER, title, "m")]).unwrap(), ["m packed"]);
        let mut folder = layer(ANY_FILE, title, "m");
        folder["annotations"][UNPACK] = "true".into();
        assert_eq!(read(&[folder]).unwrap(), ["m packed"]);
        let pack = layer("application/vnd.cncf.model.weight.v1.tar", PATHS[0], "q4/m.gguf");
        assert_eq!(read(&[pack]).unwrap(), ["q4/m.gguf packed"]);
    }

    #[test]
    fn what_is_no_artifact_of_files_says_why() {
        let title = "org.opencontainers.image.title";
        assert_eq!(read(&[layer("a/b", "c", "d")]), Err(BadArtifact::Unnamed(1)));
        for path in ["../../etc/passwd", "/etc/passwd", "a//b"] {
            assert_eq!(
                read(&[layer("a/b", title, path)]),
                Err(BadArtifact::Unsound(path.into()))
            );
        }
        assert_eq!(
            read(&[layer("a/b", title, "m"), layer("a/b", title, "m")]),
            Err(BadArtifact::Unsound("m".into()))
        );
        assert_eq!(layers(br#"{"manifests":[]}"#), Err(BadArtifact::Index));
        let image = json!({ "config": { "mediaType": IMAGES[0] }, "layers": [] });
        assert_eq!(layers(image.to_string().as_bytes()), Err(BadArtifact::Image));
        assert!(matches!(layers(b"<html>"), Err(BadArtifact::NoManifest(_))));
    }
}
