//! One file of a model as it travels.

use modelcrate_fetcher::hub::Hub;

use super::access::Access;
use crate::check::{HubModel, ListedModel, Model, ModelSource, Origin};
use crate::plan::{Download, Facts};
use crate::source::Span;

/// From this size on, in bytes, a file is a layer of its own: 64 MiB.
const LARGE: u64 = 64 << 20;

/// Ends of the names of files that hold weights, for files whose size is not known before the download. The rest (configs,
/// tokenizers, templates) is small and shares a layer.
const WEIGHTS: [&str; 17] = [
    "safetensors",
    "gguf",
    "ggml",
    "bin",
    "onnx",
    "onnx_data",
    "pt",
    "pth",
    "ckpt",
    "h5",
    "msgpack",
    "npz",
    "npy",
    "tflite",
    "engine",
    "nemo",
    "tar",
];

/// What BuildKit since 0.23 sends by itself to the host that the id ends with, as a bearer token
/// (buildkit `source/http/source.go`, `HTTPAuthTokenKeyPrefix`).
const BEARER: &str = "HTTP_AUTH_TOKEN_";

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where it lies in the model's folder.
    pub path: String,
    /// Where it is downloaded from.
    pub url: String,
    /// SHA-256 of what it holds; empty for a file of the context, which nobody pins.
    pub sha256: String,
    /// Bytes, where that is known.
    pub size: Option<u64>,
    /// How it gets here.
    pub transport: Transport,
    /// Where the spec asks for it.
    pub span: Span,
}

/// How a file gets from a server to the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// The engine downloads it.
    Source {
        /// Id of the secret with the value of the `Authorization` header.
        token: Option<String>,
    },
    /// The fetcher downloads it, in a step.
    Step(Access),
    /// It lies at this path of the context.
    Context(String),
}

impl Piece {
    /// What the engine downloads where it does that itself.
    pub fn download(&self) -> Download {
        Download {
            url: self.url.clone(),
            sha256: self.sha256.clone(),
            token: match &self.transport {
                Transport::Source { token } => token.clone(),
                Transport::Step(_) | Transport::Context(_) => None,
            },
        }
    }

    /// Whether it is a layer of its own.
    pub(super) fn is_large(&self) -> bool {
        if let Some(size) = self.size {
            return size >= LARGE;
        }
        let end = self.path.rsplit('.').next().unwrap_or_default();
        WEIGHTS.iter().any(|weights| weights.eq_ignore_ascii_case(end))
    }
}

/// The files of a model that are downloaded; none of an image's.
pub fn pieces(model: &Model, facts: &Facts) -> Vec<Piece> {
    match &model.source {
        ModelSource::Image(_) => Vec::new(),
        ModelSource::Files { files, token } => files
            .iter()
            .map(|file| Piece {
                path: file.path.clone(),
                url: file.url.value.clone(),
                sha256: file.sha256.value.clone(),
                size: None,
                transport: Transport::Source {
                    token: token.as_ref().map(|token| token.value.clone()),
                },
                span: file.url.span,
            })
            .collect(),
        ModelSource::Listed(listed) => model
            .found_files()
            .iter()
            .map(|file| {
                let (url, transport) = way(model, listed, facts, &file.path);
                Piece {
                    path: file.path.clone(),
                    url,
                    sha256: file.sha256.clone(),
                    size: Some(file.size),
                    transport,
                    span: listed.span,
                }
            })
            .collect(),
    }
}

/// The address of a file, and how it travels.
fn way(model: &Model, listed: &ListedModel, facts: &Facts, path: &str) -> (String, Transport) {
    let revision = model.found_revision().unwrap_or_default();
    match &listed.origin {
        Origin::Hub(hub) => {
            let url = facts.hub.file(&hub.repository, revision, path);
            let transport = of_hub(hub, listed, &url, facts);
            (url, transport)
        }
        Origin::Bucket(bucket) => (
            format!("s3://{}/{path}", bucket.path()),
            Transport::Step(Access::object(bucket, path)),
        ),
        Origin::Artifact(artifact) => (
            format!("oci://{}@{revision}/{path}", artifact.reference.name()),
            Transport::Step(Access::layer(artifact, revision)),
        ),
        Origin::Context(_) => {
            let folder = model.found.as_ref().map_or("", |found| &found.folder);
            let path = format!("{folder}/{path}").trim_start_matches('/').to_owned();
            (path.clone(), Transport::Context(path))
        }
    }
}

fn of_hub(hub: &HubModel, listed: &ListedModel, url: &str, facts: &Facts) -> Transport {
    let token = hub.token.as_ref().map(|token| token.value.as_str());
    match is_fetched(listed, &facts.hub) {
        true => Transport::Step(Access::address(url, token)),
        false => Transport::Source { token: None },
    }
}

/// Whether files of this source come in steps of the fetcher. The engine sends an auth secret as it is, so a plain token needs a
/// step; one that is named for the hub's host is sent as a bearer token without being asked for.
pub fn is_fetched(listed: &ListedModel, hub: &Hub) -> bool {
    match &listed.origin {
        Origin::Hub(HubModel { token, .. }) => {
            let plain = token
                .as_ref()
                .is_some_and(|token| !is_of_host(&token.value, hub.host()));
            plain || listed.resume
        }
        Origin::Bucket(_) | Origin::Artifact(_) => true,
        Origin::Context(_) => false,
    }
}

/// Whether the engine sends this secret to the host by itself.
pub fn is_of_host(secret: &str, host: &str) -> bool {
    secret.strip_prefix(BEARER) == Some(host)
}
