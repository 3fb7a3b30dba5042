//! The calls.

use bollard_buildkit_proto::fsutil::types::Stat;
use bollard_buildkit_proto::moby::buildkit::v1::frontend::llb_bridge_server::LlbBridge;
use bollard_buildkit_proto::moby::buildkit::v1::frontend::{
    self as proto, EvaluateRequest, EvaluateResponse, ExecMessage, InputsRequest, InputsResponse,
    NewContainerRequest, NewContainerResponse, PingRequest, PongResponse, ReadDirRequest, ReadDirResponse,
    ReadFileRequest, ReadFileResponse, ReleaseContainerRequest, ReleaseContainerResponse,
    ResolveImageConfigRequest, ResolveImageConfigResponse, ResolveSourceGitResponse,
    ResolveSourceImageResponse, ResolveSourceMetaRequest, ResolveSourceMetaResponse, ReturnRequest,
    ReturnResponse, SolveRequest, SolveResponse, StatFileRequest, StatFileResponse, WarnRequest,
    WarnResponse, result,
};
use bollard_buildkit_proto::pb;
use tonic::{Request, Response, Status, Streaming};

use super::{Call, FakeEngine, FakeImage, Solved, State};

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl LlbBridge for FakeEngine {
    async fn ping(&self, _: Request<PingRequest>) -> Answer<PongResponse> {
        let mut state = self.begin("Ping", Call::Ping)?;
        answer(PongResponse {
            frontend_api_caps: state.gateway_caps.clone(),
            llb_caps: state.llb_caps.clone(),
            workers: std::mem::take(&mut state.workers),
        })
    }

    async fn inputs(&self, _: Request<InputsRequest>) -> Answer<InputsResponse> {
        let state = self.begin("Inputs", Call::Inputs)?;
        answer(InputsResponse {
            definitions: state.inputs.clone().into_iter().collect(),
        })
    }

    async fn solve(&self, request: Request<SolveRequest>) -> Answer<SolveResponse> {
        let request = request.into_inner();
        let definition = request.definition.clone().unwrap_or_default();
        let solved = Solved::new(format!("ref-{}", self.solved().len()), definition);
        let evaluate = request.evaluate;
        let call = Call::Solve(Box::new(solved.clone()), Box::new(request));
        let mut state = self.begin("Solve", call)?;
        if evaluate {
            state.check(&solved.key)?;
        }
        let made = proto::Ref {
            id: solved.id.clone(),
            def: None,
        };
        state.solved.push(solved);
        answer(SolveResponse {
            result: Some(proto::Result {
                result: Some(result::Result::Ref(made)),
                ..proto::Result::default()
            }),
            ..SolveResponse::default()
        })
    }

    async fn read_file(&self, request: Request<ReadFileRequest>) -> Answer<ReadFileResponse> {
        let request = request.into_inner();
        let solved = self.result(&request.r#ref)?;
        let call = Call::ReadFile(solved.key.clone(), request.file_path.clone());
        let data = self.begin("ReadFile", call)?.read(&solved, &request.file_path)?;
        let range = request.range.unwrap_or(proto::FileRange {
            offset: 0,
            length: data.len() as i64,
        });
        let from = (range.offset as usize).min(data.len());
        let to = from.saturating_add(range.length as usize).min(data.len());
        answer(ReadFileResponse {
            data: data[from..to].to_vec(),
        })
    }

    async fn read_dir(&self, request: Request<ReadDirRequest>) -> Answer<ReadDirResponse> {
        let request = request.into_inner();
        let solved = self.result(&request.r#ref)?;
        let call = Call::ReadDir(solved.key.clone(), request.dir_path.clone());
        let state = self.begin("ReadDir", call)?;
        state.check(&solved.key)?;
        answer(ReadDirResponse {
            entries: state.entries(&solved, &request.dir_path),
        })
    }

    async fn stat_file(&self, request: Request<StatFileRequest>) -> Answer<StatFileResponse> {
        let request = request.into_inner();
        let solved = self.result(&request.r#ref)?;
        let call = Call::StatFile(solved.key.clone(), request.path.clone());
        let state = self.begin("StatFile", call)?;
        let stat = match request.path.as_str() {
            "." => {
                state.check(&solved.key)?;
                folder(".")
            }
            path => file(path, &state.read(&solved, path)?),
        };
        answer(StatFileResponse { stat: Some(stat) })
    }

    async fn evaluate(&self, request: Request<EvaluateRequest>) -> Answer<EvaluateResponse> {
        let solved = self.result(&request.into_inner().r#ref)?;
        let state = self.begin("Evaluate", Call::Evaluate(solved.key.clone()))?;
        state.check(&solved.key)?;
        answer(EvaluateResponse {})
    }

    async fn resolve_source_meta(
        &self,
        request: Request<ResolveSourceMetaRequest>,
    ) -> Answer<ResolveSourceMetaResponse> {
        let request = request.into_inner();
        let asked = request.source.clone().unwrap_or_default().identifier;
        let state = self.begin("ResolveSourceMeta", Call::ResolveSourceMeta(request))?;
        let identifier = state.redirects.get(&asked).cloned().unwrap_or(asked);
        let (scheme, reference) = identifier.split_once("://").unwrap_or_default();
        let is_image = matches!(scheme, "docker-image" | "oci-layout");
        let image = is_image.then(|| state.find_image(reference)).transpose()?;
        let git = state
            .commits
            .get(&identifier)
            .map(|commit| ResolveSourceGitResponse {
                checksum: commit.clone(),
                ..ResolveSourceGitResponse::default()
            });
        answer(ResolveSourceMetaResponse {
            git,
            image: image.map(|image| ResolveSourceImageResponse {
                digest: image.digest,
                config: image.config,
                attestation_chain: None,
            }),
            source: Some(pb::SourceOp {
                identifier,
                ..pb::SourceOp::default()
            }),
            ..ResolveSourceMetaResponse::default()
        })
    }

    async fn resolve_image_config(
        &self,
        request: Request<ResolveImageConfigRequest>,
    ) -> Answer<ResolveImageConfigResponse> {
        let request = request.into_inner();
        let reference = request.r#ref.clone();
        let state = self.begin("ResolveImageConfig", Call::ResolveImageConfig(request))?;
        let image = state.find_image(&reference)?;
        answer(ResolveImageConfigResponse {
            digest: image.digest,
            config: image.config,
            r#ref: String::new(),
        })
    }

    async fn warn(&self, request: Request<WarnRequest>) -> Answer<WarnResponse> {
        drop(self.begin("Warn", Call::Warn(request.into_inner()))?);
        answer(WarnResponse {})
    }

    async fn r#return(&self, request: Request<ReturnRequest>) -> Answer<ReturnResponse> {
        drop(self.begin("Return", Call::Return(Box::new(request.into_inner())))?);
        answer(ReturnResponse {})
    }

    async fn new_container(&self, _: Request<NewContainerRequest>) -> Answer<NewContainerResponse> {
        Err(Status::unimplemented("no containers"))
    }

    async fn release_container(
        &self,
        _: Request<ReleaseContainerRequest>,
    ) -> Answer<ReleaseContainerResponse> {
        Err(Status::unimplemented("no containers"))
    }

    type ExecProcessStream = tonic::codegen::tokio_stream::Empty<Result<ExecMessage, Status>>;

    async fn exec_process(&self, _: Request<Streaming<ExecMessage>>) -> Answer<Self::ExecProcessStream> {
        Err(Status::unimplemented("no containers"))
    }

    async fn read_file_container(&self, _: Request<ReadFileRequest>) -> Answer<ReadFileResponse> {
        Err(Status::unimplemented("no containers"))
    }

    async fn read_dir_container(&self, _: Request<ReadDirRequest>) -> Answer<ReadDirResponse> {
        Err(Status::unimplemented("no containers"))
    }

    async fn stat_file_container(&self, _: Request<StatFileRequest>) -> Answer<StatFileResponse> {
        Err(Status::unimplemented("no containers"))
    }
}

impl FakeEngine {
    /// Notes the call, and fails it where the test wants that.
    fn begin(&self, name: &str, call: Call) -> Result<std::sync::MutexGuard<'_, State>, Status> {
        let mut state = self.lock();
        state.calls.push(call);
        state.check(name)?;
        Ok(state)
    }

    fn result(&self, id: &str) -> Result<Solved, Status> {
        let found = self.solved().into_iter().find(|solved| solved.id == id);
        found.ok_or_else(|| Status::unknown(format!("no such ref: {id}")))
    }
}

impl State {
    fn check(&self, key: &str) -> Result<(), Status> {
        match self.failures.get(key) {
            Some(status) => Err(status.clone()),
            None => Ok(()),
        }
    }

    /// As the engine: a missing file is an error of the operating system, without a code of its own.
    fn read(&self, solved: &Solved, path: &str) -> Result<Vec<u8>, Status> {
        self.check(&solved.key)?;
        let files = self.files.get(&solved.key);
        let file = files.and_then(|files| files.get(path.trim_start_matches('/')));
        match file.filter(|_| solved.sends(path.trim_start_matches('/'))) {
            Some(data) => Ok(data.clone()),
            None => Err(Status::unknown(format!("open {path}: no such file or directory"))),
        }
    }

    fn entries(&self, solved: &Solved, dir: &str) -> Vec<Stat> {
        let dir = dir.trim_matches(['/', '.']);
        let files = self.files.get(&solved.key).into_iter().flatten();
        let inside = files.filter_map(|(path, data)| {
            let rest = path.strip_prefix(dir)?.trim_start_matches('/');
            Some(match rest.split_once('/') {
                Some((name, _)) => folder(name),
                None => file(rest, data),
            })
        });
        let mut entries: Vec<Stat> = inside.collect();
        entries.dedup_by(|one, other| one.path == other.path);
        entries.reverse();
        entries
    }

    fn find_image(&self, reference: &str) -> Result<FakeImage, Status> {
        let found = self.images.get(reference).cloned();
        found.ok_or_else(|| Status::not_found(format!("{reference}: not found")))
    }
}

fn answer<T>(message: T) -> Answer<T> {
    Ok(Response::new(message))
}

fn file(path: &str, data: &[u8]) -> Stat {
    Stat {
        path: path.to_owned(),
        mode: 0o644,
        size: data.len() as i64,
        ..Stat::default()
    }
}

fn folder(path: &str) -> Stat {
    Stat {
        path: path.to_owned(),
        mode: 1 << 31 | 0o755,
        ..Stat::default()
    }
}
