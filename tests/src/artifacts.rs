//! Artifacts in the registry of the engines, at an address that build steps reach too, or in a registry of the test's own.

use std::io;
use std::net::{TcpListener, TcpStream};

use serde_json::json;
use sha2::{Digest as _, Sha256};
use ureq::RequestBuilder;

use crate::Engine;
use crate::registry::Registry;

/// A registry that a test pushes to.
pub struct Artifacts {
    registry: String,
    reached: String,
    authorization: Option<String>,
}

/// A file of an artifact: the type of its layer, the annotation that names it, its name and what it holds.
pub type Layer<'a> = (&'a str, &'a str, &'a str, &'a [u8]);

impl Artifacts {
    /// The registry of the engines, which listens on the loopback alone, at the address of this machine that steps reach. It is
    /// passed on until the program ends.
    ///
    /// # Panics
    /// If nobody can listen at the engine's gateway.
    pub fn for_engine(engine: &Engine) -> Self {
        let registry = engine.registry().to_owned();
        let listener = TcpListener::bind((engine.gateway(), 0)).expect("a free port");
        let reached = listener.local_addr().expect("an address").to_string();
        let to = registry.clone();
        std::thread::spawn(move || {
            for from in listener.incoming().flatten() {
                if let Ok(to) = TcpStream::connect(&to) {
                    pass(&from, &to);
                }
            }
        });
        Self {
            registry,
            reached,
            authorization: None,
        }
    }

    /// A registry that takes what comes with this header.
    pub fn of(registry: &Registry, authorization: String) -> Self {
        let address = registry.address().to_owned();
        Self {
            registry: address.clone(),
            reached: address,
            authorization: Some(authorization),
        }
    }

    /// `HOST:PORT` that steps reach.
    pub fn address(&self) -> &str {
        &self.reached
    }

    /// Pushes an artifact as `name:tag`; the digest of its manifest.
    ///
    /// # Panics
    /// If the registry does not take it.
    pub fn push(&self, name: &str, tag: &str, layers: &[Layer]) -> String {
        let layers: Vec<serde_json::Value> = layers
            .iter()
            .map(|(kind, key, path, bytes)| {
                json!({ "mediaType": kind, "digest": self.blob(name, bytes), "size": bytes.len(), "annotations": { *key: path } })
            })
            .collect();
        let empty = b"{}";
        let config = json!({ "mediaType": "application/vnd.cncf.model.config.v1+json", "digest": self.blob(name, empty), "size": empty.len() });
        let kind = "application/vnd.oci.image.manifest.v1+json";
        let manifest = json!({
            "schemaVersion": 2, "mediaType": kind, "artifactType": "application/vnd.cncf.model.manifest.v1+json",
            "config": config, "layers": layers,
        });
        let manifest = manifest.to_string();
        let url = format!("http://{}/v2/{name}/manifests/{tag}", self.registry);
        let put = self.shown(ureq::put(url)).header("Content-Type", kind);
        let put = put.send(manifest.as_str());
        put.expect("the registry takes the manifest");
        digest(manifest.as_bytes())
    }

    fn blob(&self, name: &str, bytes: &[u8]) -> String {
        let url = format!("http://{}/v2/{name}/blobs/uploads/", self.registry);
        let started = self.shown(ureq::post(url)).send_empty().expect("an upload");
        let place = started.headers()["location"]
            .to_str()
            .expect("an address")
            .to_owned();
        let digest = digest(bytes);
        let and = if place.contains('?') { '&' } else { '?' };
        let put = self
            .shown(ureq::put(format!("{place}{and}digest={digest}")))
            .send(bytes);
        put.expect("the registry takes the blob");
        digest
    }

    fn shown<T>(&self, request: RequestBuilder<T>) -> RequestBuilder<T> {
        let authorization = self.authorization.iter();
        authorization.fold(request, |request, value| request.header("Authorization", value))
    }
}

fn digest(bytes: &[u8]) -> String {
    format!(
        "sha256:{}",
        base16ct::lower::encode_string(&Sha256::digest(bytes))
    )
}

/// Passes on what either says until it has said all.
fn pass(from: &TcpStream, to: &TcpStream) {
    for (from, to) in [(from, to), (to, from)] {
        if let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) {
            std::thread::spawn(move || {
                // Whoever is gone has heard enough.
                let _ = io::copy(&mut from, &mut to);
                let _ = to.shutdown(std::net::Shutdown::Write);
            });
        }
    }
}
