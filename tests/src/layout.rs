//! Images and caches exported as folders in the OCI layout (opencontainers/image-spec `image-layout.md`).

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;
use tempfile::TempDir;

use crate::Tree;

/// A folder in the OCI layout, which goes away with the value.
#[derive(Debug)]
pub struct Layout(TempDir);

/// The image of one platform.
#[derive(Debug, Clone)]
pub struct PlatformImage {
    /// `linux/arm64`.
    pub platform: String,
    /// Digest of its manifest.
    pub digest: String,
    /// Its manifest.
    pub manifest: Value,
    /// Its config.
    pub config: Value,
    /// Its layers, lowest first.
    pub layers: Vec<Layer>,
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Digest of the compressed bytes.
    pub digest: String,
    /// Digest of the tar archive.
    pub diff_id: String,
    /// Compressed bytes.
    pub size: u64,
}

impl Layout {
    /// An empty folder to export to.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The bytes of a blob, decompressed where it is gzip.
    pub fn blob(&self, digest: &str) -> Vec<u8> {
        decompressed(&self.blob_path(digest))
    }

    fn blob_path(&self, digest: &str) -> PathBuf {
        self.path().join("blobs").join(digest.replace(':', "/"))
    }

    fn json(&self, digest: &str) -> Value {
        serde_json::from_slice(&self.blob(digest)).expect("a manifest or config is JSON")
    }

    /// The digest of what was exported: an index, or the manifest of one image.
    pub fn digest(&self) -> String {
        let index: Value =
            serde_json::from_slice(&decompressed(&self.path().join("index.json"))).expect("an index");
        let manifests = index["manifests"].as_array().expect("an index lists manifests");
        assert_eq!(manifests.len(), 1, "one image was exported");
        text(&manifests[0]["digest"])
    }

    /// The images of all platforms, without attestations, in the order of the index.
    pub fn images(&self) -> Vec<PlatformImage> {
        let digest = self.digest();
        let top = self.json(&digest);
        let Some(manifests) = top["manifests"].as_array() else {
            return vec![self.image(&digest)];
        };
        let digests = manifests.iter().map(|manifest| text(&manifest["digest"]));
        let images = digests.map(|digest| self.image(&digest));
        images
            .filter(|image| image.platform != "unknown/unknown")
            .collect()
    }

    /// What is attested of the image of one platform: in-toto statements by the type of their predicate.
    pub fn attestations(&self) -> BTreeMap<String, Value> {
        let top = self.json(&self.digest());
        let manifests = top["manifests"].as_array().cloned().unwrap_or_default();
        let is_attestation = |manifest: &&Value| {
            manifest["annotations"]["vnd.docker.reference.type"] == "attestation-manifest"
        };
        let attestations = manifests.iter().filter(is_attestation);
        let layers = attestations.flat_map(|manifest| {
            let manifest = self.json(&text(&manifest["digest"]));
            manifest["layers"].as_array().cloned().unwrap_or_default()
        });
        layers
            .map(|layer| {
                let kind = text(&layer["annotations"]["in-toto.io/predicate-type"]);
                (kind, self.json(&text(&layer["digest"])))
            })
            .collect()
    }

    /// The image, when it is for one platform.
    #[track_caller]
    pub fn image_alone(&self) -> PlatformImage {
        let mut images = self.images();
        assert_eq!(images.len(), 1, "one platform was built");
        images.remove(0)
    }

    /// The one layer with a file whose path ends like this.
    #[track_caller]
    pub fn layer_with(&self, end: &str) -> Layer {
        let image = self.image_alone();
        let mut found = image
            .layers
            .into_iter()
            .filter(|layer| self.tree(layer).paths().any(|path| path.ends_with(end)));
        match (found.next(), found.next()) {
            (Some(layer), None) => layer,
            (None, _) => panic!("no layer has {end}"),
            (Some(_), Some(_)) => panic!("more than one layer has {end}"),
        }
    }

    fn image(&self, digest: &str) -> PlatformImage {
        let manifest = self.json(digest);
        let config = self.json(&text(&manifest["config"]["digest"]));
        let diff_ids = config["rootfs"]["diff_ids"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let layers = manifest["layers"].as_array().cloned().unwrap_or_default();
        let layers = layers.iter().zip(&diff_ids).map(|(layer, diff_id)| Layer {
            digest: text(&layer["digest"]),
            diff_id: text(diff_id),
            size: layer["size"].as_u64().unwrap_or_default(),
        });
        PlatformImage {
            platform: format!("{}/{}", text(&config["os"]), text(&config["architecture"])),
            digest: digest.to_owned(),
            layers: layers.collect(),
            manifest,
            config,
        }
    }

    /// The files of a layer.
    pub fn tree(&self, layer: &Layer) -> Tree {
        Tree::read(self.blob(&layer.digest).as_slice())
    }

    /// Every file of the folder, decompressed, with its path in it.
    pub fn everything(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry of a folder").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = decompressed(&path);
                    found.push((path, bytes));
                }
            }
        }
        found
    }
}

/// First bytes of gzip (RFC 1952) and of zstd (RFC 8878).
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

fn decompressed(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    assert!(
        !bytes.starts_with(&ZSTD),
        "{} is zstd, which the tests do not read",
        path.display()
    );
    if !bytes.starts_with(&GZIP) {
        return bytes;
    }
    let mut plain = Vec::new();
    GzDecoder::new(bytes.as_slice())
        .read_to_end(&mut plain)
        .expect("gzip");
    plain
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
