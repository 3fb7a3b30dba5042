//! Images that are made in tests.

use std::fs;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use modelcrate_fetcher::lock::Lock;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::super::{Archive, Class, Report, Secret, Wanted, verify};
use super::VALUE;

/// An OCI layout in the making.
pub struct Image {
    pub folder: TempDir,
    pub config: Value,
    pub layers: Vec<Value>,
    pub diff_ids: Vec<String>,
    pub attestation: Value,
}

impl Image {
    pub fn new() -> Self {
        let config = json!({
            "os": "linux", "architecture": "amd64", "history": [{ "created_by": "copy" }],
            "config": {
                "User": "1000:1000", "ExposedPorts": { "80/tcp": {} }, "Healthcheck": { "Test": ["CMD", "check"] },
                "Labels": { "org.opencontainers.image.title": "app" },
            },
        });
        Self {
            folder: tempfile::tempdir().unwrap(),
            config,
            layers: Vec::new(),
            diff_ids: Vec::new(),
            attestation: json!({ "_type": "statement", "predicate": {} }),
        }
    }

    pub fn blob(&self, bytes: &[u8], media_type: &str) -> Value {
        let digest = hexadecimal(bytes);
        let folder = self.folder.path().join("blobs/sha256");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(&digest), bytes).unwrap();
        json!({ "mediaType": media_type, "digest": format!("sha256:{digest}"), "size": bytes.len() })
    }

    pub fn layer(self, files: &[(&str, &[u8])]) -> Self {
        self.packed(files, "gzip", |tar| {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            std::io::Write::write_all(&mut packed, tar).unwrap();
            packed.finish().unwrap()
        })
    }

    pub fn packed(mut self, files: &[(&str, &[u8])], form: &str, pack: fn(&[u8]) -> Vec<u8>) -> Self {
        let mut tar = tar::Builder::new(Vec::new());
        for (path, bytes) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, path, *bytes).unwrap();
        }
        let tar = tar.into_inner().unwrap();
        self.diff_ids.push(hexadecimal(&tar));
        let layer = self.blob(
            &pack(&tar),
            &format!("application/vnd.oci.image.layer.v1.tar+{form}"),
        );
        self.layers.push(layer);
        self
    }

    /// Writes what is left and looks at it.
    pub fn verified(&self, lock: Option<&Lock>) -> Report {
        let written = |value: &Value| serde_json::to_vec(value).unwrap();
        let config = self.blob(&written(&self.config), "application/vnd.oci.image.config.v1+json");
        let manifest = self.blob(
            &written(&json!({ "config": config, "layers": self.layers })),
            "manifest",
        );
        let statement = self.blob(&written(&self.attestation), "application/vnd.in-toto+json");
        let mut attestation = self.blob(
            &written(&json!({ "config": null, "layers": [statement] })),
            "manifest",
        );
        attestation["annotations"] = json!({ "vnd.docker.reference.type": "attestation-manifest" });
        let inner = self.blob(
            &written(&json!({ "manifests": [manifest, attestation] })),
            "index",
        );
        fs::write(
            self.folder.path().join("index.json"),
            written(&json!({ "manifests": [inner] })),
        )
        .unwrap();
        let secret = Secret {
            id: "pass".into(),
            value: format!("{VALUE}\n"),
        };
        let wanted = Wanted::new(vec![secret]).unwrap();
        let report = verify(&Archive::open(self.folder.path()).unwrap(), &[], &wanted, lock).unwrap();
        let saved = tarred(self.folder.path());
        let again = verify(&Archive::open(saved.path()).unwrap(), &[], &wanted, lock).unwrap();
        assert_eq!(
            report.findings, again.findings,
            "a folder and an archive are the same image"
        );
        report
    }

    /// The index of its platforms, as a registry gives it.
    pub fn index(&self) -> Vec<u8> {
        let top: Value =
            serde_json::from_slice(&fs::read(self.folder.path().join("index.json")).unwrap()).unwrap();
        fs::read(self.path(top["manifests"][0]["digest"].as_str().unwrap())).unwrap()
    }

    /// Takes a blob out of it.
    pub fn take(&self, digest: &str) -> Vec<u8> {
        let bytes = fs::read(self.path(digest)).unwrap();
        fs::remove_file(self.path(digest)).unwrap();
        bytes
    }

    pub fn path(&self, digest: &str) -> std::path::PathBuf {
        self.folder.path().join("blobs").join(digest.replace(':', "/"))
    }

    /// What is found, in short.
    pub fn found(&self) -> Vec<(Class, String)> {
        let report = self.verified(None);
        report
            .findings
            .into_iter()
            .map(|finding| (finding.class, finding.place))
            .collect()
    }
}

pub fn tarred(folder: &Path) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut tar = tar::Builder::new(file.reopen().unwrap());
    tar.append_dir_all(".", folder).unwrap();
    tar.finish().unwrap();
    file
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}
