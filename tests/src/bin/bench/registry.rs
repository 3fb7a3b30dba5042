//! What the registry says of an image (opencontainers/distribution-spec `spec.md`).

use std::io::{Read, sink};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// What a client understands.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

/// A registry on the loopback address.
#[derive(Debug, Clone)]
pub struct Registry {
    /// `HOST:PORT`.
    pub address: String,
}

/// A layer as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layer {
    /// Digest of the compressed bytes.
    pub digest: String,
    /// Compressed bytes.
    pub size: u64,
}

impl Registry {
    /// Whether it has this image.
    pub fn has(&self, image: &str) -> bool {
        let (name, tag) = image.rsplit_once(':').expect("a tag");
        self.get(name, &format!("manifests/{tag}")).is_some()
    }

    /// The layers of the one image under `NAME:TAG`, attestations left out.
    pub fn layers(&self, image: &str) -> Vec<Layer> {
        let (name, tag) = image.rsplit_once(':').expect("a tag");
        let mut manifest = self.manifest(name, tag);
        if let Some(manifests) = manifest["manifests"].as_array() {
            let of_image = |manifest: &&Value| manifest["platform"]["os"] != "unknown";
            let found = manifests.iter().find(of_image).expect("an image in the index");
            manifest = self.manifest(name, text(&found["digest"]));
        }
        let layers = manifest["layers"].as_array().expect("a manifest lists layers");
        let layer = |layer: &Value| Layer {
            digest: text(&layer["digest"]).to_owned(),
            size: layer["size"].as_u64().expect("the size of a layer"),
        };
        layers.iter().map(layer).collect()
    }

    /// Compressed bytes of the layers of the image under `NAME:TAG`.
    pub fn size(&self, image: &str) -> u64 {
        self.layers(image).iter().map(|layer| layer.size).sum()
    }

    /// Bytes of a layer's tar archive.
    pub fn unpacked(&self, image: &str, layer: &Layer) -> u64 {
        let (name, _) = image.rsplit_once(':').expect("a tag");
        let blob = self
            .get(name, &format!("blobs/{}", layer.digest))
            .expect("the layer");
        std::io::copy(&mut MultiGzDecoder::new(blob), &mut sink()).expect("a layer in gzip")
    }

    fn manifest(&self, name: &str, reference: &str) -> Value {
        let path = format!("manifests/{reference}");
        let body = self
            .get(name, &path)
            .unwrap_or_else(|| panic!("no {path} in {name}"));
        serde_json::from_reader(body).expect("a manifest in JSON")
    }

    fn get(&self, name: &str, path: &str) -> Option<Box<dyn Read>> {
        let client: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
        let url = format!("http://{}/v2/{name}/{path}", self.address);
        let reply = client.get(url).header("Accept", ACCEPT).call().ok()?;
        Some(Box::new(reply.into_body().into_reader()))
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
