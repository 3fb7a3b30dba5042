//! One file of a model as it travels.

use crate::check::{HubModel, Model, ModelSource};
use crate::plan::Facts;
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
    /// SHA-256 of what it holds.
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
    Step {
        /// Id of the secret with the token.
        token: Option<String>,
    },
}

impl Piece {
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
        ModelSource::Hub(hub) => of_hub(model, hub, facts),
    }
}

fn of_hub(model: &Model, hub: &HubModel, facts: &Facts) -> Vec<Piece> {
    let commit = model.found.as_ref().and_then(|found| found.revision.clone());
    let commit = commit.unwrap_or_default();
    let transport = transport(hub, facts);
    let files = model.found_files().iter();
    files
        .map(|file| Piece {
            path: file.path.clone(),
            url: facts.hub.file(&hub.repository, &commit, &file.path),
            sha256: file.sha256.clone(),
            size: Some(file.size),
            transport: transport.clone(),
            span: hub.span,
        })
        .collect()
}

/// The engine sends an auth secret as it is, so a plain token needs a step; one that is named for the hub's host is sent as a
/// bearer token without being asked for.
fn transport(hub: &HubModel, facts: &Facts) -> Transport {
    let token = hub.token.as_ref().map(|token| token.value.clone());
    match token {
        Some(token) if !is_of_host(&token, facts.hub.host()) => Transport::Step { token: Some(token) },
        token if hub.resume => Transport::Step { token },
        _ => Transport::Source { token: None },
    }
}

/// Whether the engine sends this secret to the host by itself.
pub fn is_of_host(secret: &str, host: &str) -> bool {
    secret.strip_prefix(BEARER) == Some(host)
}
