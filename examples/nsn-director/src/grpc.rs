//! The gRPC services: the director's own, and the standard health service.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::Server;
use tonic::{Request, Response, Status};
use tonic_health::server::{health_reporter, HealthReporter};

use crate::proto::director_server::{Director, DirectorServer};
use crate::proto::{GenerateRequest, NodeStatus, Scene, StatusRequest};
use crate::sidecar::Failure;
use crate::state::Shared;

const NAME: &str = "nsn.director.v1.Director";
/// How often the health service looks at the sidecar.
const LOOK: Duration = Duration::from_millis(250);
/// In characters.
const LONGEST_PROMPT: usize = 2000;
const MOST_FRAMES: u32 = 240;

/// Answers until `stop`, then finishes what was begun.
///
/// # Errors
/// When a connection cannot be served.
pub async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    stop: CancellationToken,
) -> Result<(), tonic::transport::Error> {
    let (reporter, health) = health_reporter();
    let (to_serve, incoming) = mpsc::channel(1);
    let serving = Server::builder()
        .add_service(health)
        .add_service(DirectorServer::new(Service(Arc::clone(&shared))))
        .serve_with_incoming_shutdown(ReceiverStream::new(incoming), stop.clone().cancelled_owned());
    let taking = take(listener, to_serve, stop.clone());
    let (served, (), ()) = tokio::join!(serving, taking, report_health(reporter, shared, stop));
    served
}

/// Takes connections until `stop`. Then the port is closed, so that whoever comes later is refused and need not wait.
async fn take(
    listener: TcpListener,
    to_serve: mpsc::Sender<std::io::Result<TcpStream>>,
    stop: CancellationToken,
) {
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let stream = accepted.and_then(|(stream, _)| stream.set_nodelay(true).map(|()| stream));
        if to_serve.send(stream).await.is_err() {
            return;
        }
    }
}

/// Tells the health service what the sidecar does. At the end it lets go of those who watch.
async fn report_health(mut reporter: HealthReporter, shared: Arc<Shared>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match shared.sidecar.is_ready() {
            true => reporter.set_serving::<DirectorServer<Service>>().await,
            false => reporter.set_not_serving::<DirectorServer<Service>>().await,
        }
        // Either way it is time to look again.
        let _ = tokio::time::timeout(LOOK, stop.cancelled()).await;
    }
    reporter.set_not_serving::<DirectorServer<Service>>().await;
    for name in ["", NAME] {
        reporter.clear_service_status(name).await;
    }
}

struct Service(Arc<Shared>);

#[tonic::async_trait]
impl Director for Service {
    async fn generate(&self, request: Request<GenerateRequest>) -> Result<Response<Scene>, Status> {
        let begun = Instant::now();
        let scene = self.scene(request.into_inner()).await;
        self.count("Generate", begun, &scene);
        scene.map(Response::new)
    }

    async fn status(&self, _: Request<StatusRequest>) -> Result<Response<NodeStatus>, Status> {
        let begun = Instant::now();
        let status = Ok(self.now());
        self.count("Status", begun, &status);
        status.map(Response::new)
    }
}

impl Service {
    async fn scene(&self, request: GenerateRequest) -> Result<Scene, Status> {
        check(&request)?;
        let full = |_| Status::resource_exhausted("every slot is taken");
        let _slot = self.0.slots.try_acquire().map_err(full)?;
        self.0.sidecar.generate(request).await.map_err(status_of)
    }

    fn now(&self) -> NodeStatus {
        let shared = &self.0;
        NodeStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            node_id: shared.identity.id().to_owned(),
            uptime_seconds: shared.uptime(),
            peers: shared.peers(),
            slots: shared.options.slots,
            slots_in_use: shared.slots_in_use(),
            sidecar_ready: shared.sidecar.is_ready(),
            sidecar_restarts: shared.sidecar.restarts(),
        }
    }

    fn count<T>(&self, method: &str, begun: Instant, answer: &Result<T, Status>) {
        let code = answer.as_ref().err().map_or(tonic::Code::Ok, Status::code);
        self.0
            .metrics
            .request(method, code, begun.elapsed().as_secs_f64());
    }
}

fn check(request: &GenerateRequest) -> Result<(), Status> {
    let length = request.prompt.chars().count();
    if request.prompt.trim().is_empty() {
        return Err(Status::invalid_argument("the prompt is empty"));
    }
    if length > LONGEST_PROMPT {
        return Err(Status::invalid_argument(format!(
            "the prompt has {length} of at most {LONGEST_PROMPT} characters"
        )));
    }
    if !(1..=MOST_FRAMES).contains(&request.frames) {
        return Err(Status::invalid_argument(format!(
            "{} frames: 1 to {MOST_FRAMES} can be made",
            request.frames
        )));
    }
    Ok(())
}

fn status_of(failure: Failure) -> Status {
    let text = failure.to_string();
    match failure {
        Failure::NotReady | Failure::Died(_) => Status::unavailable(text),
        Failure::Invalid(_) => Status::invalid_argument(text),
        Failure::Failed(_) => Status::internal(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(prompt: &str, frames: u32) -> String {
        let request = GenerateRequest {
            prompt: prompt.to_owned(),
            frames,
            ..Default::default()
        };
        check(&request).map_or_else(|status| status.message().to_owned(), |()| "fine".to_owned())
    }

    #[test]
    fn requests_have_limits() {
        assert_eq!(told("a fox", 240), "fine");
        assert_eq!(told(" ", 1), "the prompt is empty");
        assert_eq!(told("a fox", 0), "0 frames: 1 to 240 can be made");
        assert_eq!(told("a fox", 241), "241 frames: 1 to 240 can be made");
        assert_eq!(told(&"ä".repeat(2000), 1), "fine");
        assert_eq!(
            told(&"ä".repeat(2001), 1),
            "the prompt has 2001 of at most 2000 characters"
        );
    }

    #[test]
    fn the_health_service_speaks_of_the_director_by_its_name() {
        assert_eq!(
            <DirectorServer<Service> as tonic::server::NamedService>::NAME,
            NAME
        );
    }
}
