//! An engine for tests: it plays `LLBBridge` over an in-memory pipe, answers from what the test put in, and records every
//! call in order.
//!
//! A result has the files that were put under the key of the vertex it comes from: the name of a local source, the
//! identifier of any other source, else the vertex's name. Follow paths of local sources are obeyed, so that a frontend
//! which forgets one does not see the file.

mod service;
mod solved;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bollard_buildkit_proto::moby::buildkit::v1::apicaps::ApiCap;
use bollard_buildkit_proto::moby::buildkit::v1::frontend::llb_bridge_server::LlbBridgeServer;
use bollard_buildkit_proto::moby::buildkit::v1::frontend::{
    ResolveImageConfigRequest, ResolveSourceMetaRequest, ReturnRequest, SolveRequest, WarnRequest,
};
use bollard_buildkit_proto::moby::buildkit::v1::types::WorkerRecord;
use bollard_buildkit_proto::pb;
use buildkit_llb::{Capability, Definition};

use tokio::io::DuplexStream;

pub use solved::Solved;

use super::{Connection, Gateway, Setup};
use crate::options::Options;

/// The gateway capabilities of a current engine.
const GATEWAY_CAPS: [&str; 16] = [
    "solve.base",
    "resolveimage",
    "resolveimage.resolvemode",
    "readfile",
    "return",
    "returnmap",
    "readdir",
    "statfile",
    "importcaches",
    "proto.refarray",
    "frontend.inputs",
    "gateway.solve.evaluate",
    "gateway.evaluate",
    "gateway.warnings",
    "reference.attestations",
    "source.metaresolver",
];

/// The engine; clones are the same one.
#[derive(Debug, Clone)]
pub struct FakeEngine {
    state: Arc<Mutex<State>>,
}

/// One call that the engine got.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// What can you do?
    Ping,
    /// Which graphs did the client hand in?
    Inputs,
    /// A graph, and the request that brought it.
    Solve(Box<Solved>, Box<SolveRequest>),
    /// The key of the result, and the path.
    ReadFile(String, String),
    /// The same.
    ReadDir(String, String),
    /// The same.
    StatFile(String, String),
    /// The key of the result.
    Evaluate(String),
    /// Which image, file or commit is this?
    ResolveSourceMeta(ResolveSourceMetaRequest),
    /// Which image is this? From older frontends, or to older engines.
    ResolveImageConfig(ResolveImageConfigRequest),
    /// Something the user should know.
    Warn(WarnRequest),
    /// The end.
    Return(Box<ReturnRequest>),
}

#[derive(Debug, Default)]
struct State {
    gateway_caps: Vec<ApiCap>,
    llb_caps: Vec<ApiCap>,
    workers: Vec<WorkerRecord>,
    files: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    images: BTreeMap<String, FakeImage>,
    redirects: BTreeMap<String, String>,
    commits: BTreeMap<String, String>,
    inputs: BTreeMap<String, pb::Definition>,
    failures: BTreeMap<String, tonic::Status>,
    solved: Vec<Solved>,
    calls: Vec<Call>,
}

#[derive(Debug, Clone)]
struct FakeImage {
    digest: String,
    config: Vec<u8>,
}

impl FakeEngine {
    /// An engine of today: it has every capability and nothing else.
    pub fn current() -> Self {
        let platform = pb::Platform {
            os: "linux".to_owned(),
            architecture: "amd64".to_owned(),
            ..pb::Platform::default()
        };
        let state = State {
            gateway_caps: GATEWAY_CAPS.iter().map(|id| cap(id)).collect(),
            llb_caps: Capability::ALL.iter().map(|known| cap(known.id())).collect(),
            workers: vec![WorkerRecord {
                platforms: vec![platform],
                ..WorkerRecord::default()
            }],
            ..State::default()
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// An engine from before capability lists.
    pub fn ancient() -> Self {
        let engine = Self::current();
        engine.lock().gateway_caps.clear();
        engine.lock().llb_caps.clear();
        engine
    }

    /// Takes capabilities away, as an older engine.
    pub fn without(self, ids: &[&str]) -> Self {
        let gone = |caps: &mut Vec<ApiCap>| caps.retain(|cap| !ids.contains(&cap.id.as_str()));
        gone(&mut self.lock().gateway_caps);
        gone(&mut self.lock().llb_caps);
        self
    }

    /// Switches an LLB capability off, as Docker Engine does without the containerd store.
    pub fn disabled(self, id: &str, reason: &str) -> Self {
        let off = |cap: &mut ApiCap| {
            if cap.id == id {
                cap.enabled = false;
                cap.disabled_reason_msg = reason.to_owned();
            }
        };
        self.lock().llb_caps.iter_mut().for_each(off);
        self
    }

    /// Puts a file into the results of the vertex with this key.
    pub fn file(self, key: &str, path: &str, content: impl Into<Vec<u8>>) -> Self {
        let path = path.trim_start_matches('/').to_owned();
        self.lock()
            .files
            .entry(key.to_owned())
            .or_default()
            .insert(path, content.into());
        self
    }

    /// Knows an image by its normalised reference.
    pub fn image(self, reference: &str, digest: &str, config: impl Into<Vec<u8>>) -> Self {
        let image = FakeImage {
            digest: digest.to_owned(),
            config: config.into(),
        };
        self.lock().images.insert(reference.to_owned(), image);
        self
    }

    /// Knows the commit of a git source by its identifier, as engines do since BuildKit 0.26.
    pub fn commit(self, identifier: &str, commit: &str) -> Self {
        self.lock()
            .commits
            .insert(identifier.to_owned(), commit.to_owned());
        self
    }

    /// Has a source policy that turns one source identifier into another.
    pub fn redirect(self, from: &str, to: &str) -> Self {
        self.lock().redirects.insert(from.to_owned(), to.to_owned());
        self
    }

    /// Hands a graph in as input.
    pub fn input(self, name: &str, definition: Definition) -> Self {
        self.lock().inputs.insert(name.to_owned(), definition.into_pb());
        self
    }

    /// Fails whatever needs the vertex with this key, or the call of this name.
    pub fn failing(self, key: &str, status: tonic::Status) -> Self {
        self.lock().failures.insert(key.to_owned(), status);
        self
    }

    /// A connection to the engine.
    pub async fn connect(&self) -> Connection {
        Connection::over(self.pipe()).await.unwrap()
    }

    /// The frontend's end of a connection to the engine.
    pub fn pipe(&self) -> DuplexStream {
        let (client, server) = tokio::io::duplex(1 << 16);
        let service = LlbBridgeServer::new(self.clone())
            .max_decoding_message_size(16 << 20)
            .max_encoding_message_size(16 << 20);
        let incoming = tonic::codegen::tokio_stream::once(Ok::<_, std::io::Error>(server));
        tokio::spawn(
            tonic::transport::Server::builder()
                .add_service(service)
                .serve_with_incoming(incoming),
        );
        client
    }

    /// The engine after `Ping`, for a client with these options.
    pub async fn gateway(&self, options: &Options) -> Gateway {
        let connection = self.connect().await;
        connection.ping(Setup::from(options)).await.unwrap()
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.clone()
    }

    /// Every graph so far, with what it is made from.
    pub fn solved(&self) -> Vec<Solved> {
        self.lock().solved.clone()
    }

    /// What was returned; fails the test where it was not exactly one thing.
    pub fn returned(&self) -> ReturnRequest {
        let returns = self.calls().into_iter().filter_map(|call| match call {
            Call::Return(request) => Some(*request),
            _ => None,
        });
        let returns: Vec<ReturnRequest> = returns.collect();
        assert_eq!(returns.len(), 1, "the frontend returns once");
        returns.into_iter().next().unwrap()
    }

    /// Every warning so far.
    pub fn warnings(&self) -> Vec<WarnRequest> {
        let warnings = self.calls().into_iter().filter_map(|call| match call {
            Call::Warn(request) => Some(request),
            _ => None,
        });
        warnings.collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cap(id: &str) -> ApiCap {
    ApiCap {
        id: id.to_owned(),
        enabled: true,
        ..ApiCap::default()
    }
}
