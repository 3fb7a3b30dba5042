//! The Python program beside the node, which runs the models.
//!
//! Comes in: a command and requests. Goes out: scenes. A supervisor starts the program, hands it one request at a time,
//! and starts it again, after a pause that grows, whenever it dies or does not answer.

mod backoff;
mod message;
mod process;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::proto::{GenerateRequest, Scene};
use backoff::Backoff;
use message::{Hello, Reply, Request};
use process::{Death, Process};

/// Models may take this long to be read.
const START: Duration = Duration::from_secs(300);
/// A scene may take this long.
const ANSWER: Duration = Duration::from_secs(600);

/// The way to the sidecar, for those who use it.
#[derive(Debug, Clone)]
pub struct Sidecar {
    jobs: mpsc::Sender<Job>,
    state: watch::Receiver<State>,
    restarts: Arc<AtomicU64>,
}

/// What the sidecar is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its models are being read.
    Starting,
    /// It takes requests.
    Ready {
        /// Its process id.
        pid: u32,
        /// The voices that it has.
        voices: Vec<String>,
    },
    /// It is gone, for this reason, and will be started again.
    Down(String),
}

/// Why there is no scene.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Try again later.
    #[error("the sidecar is not ready")]
    NotReady,
    /// It died over this request.
    #[error("the sidecar died over this request: {0}")]
    Died(String),
    /// The request asks for what cannot be.
    #[error("{0}")]
    Invalid(String),
    /// The sidecar could not do it.
    #[error("{0}")]
    Failed(String),
}

#[derive(Debug)]
struct Job {
    request: GenerateRequest,
    answer: oneshot::Sender<Result<Scene, Failure>>,
}

impl Sidecar {
    /// Describes a sidecar, and the supervisor whose [`Supervisor::run`] keeps it alive.
    pub fn new(command: String, models: PathBuf) -> (Self, Supervisor) {
        let (jobs, queue) = mpsc::channel(1);
        let (tell, state) = watch::channel(State::Starting);
        let restarts = Arc::new(AtomicU64::new(0));
        let supervisor = Supervisor {
            command,
            models,
            queue,
            tell,
            restarts: Arc::clone(&restarts),
        };
        (
            Self {
                jobs,
                state,
                restarts,
            },
            supervisor,
        )
    }

    /// Makes a scene, after those that were asked for before.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn generate(&self, request: GenerateRequest) -> Result<Scene, Failure> {
        if !self.is_ready() {
            return Err(Failure::NotReady);
        }
        let (answer, scene) = oneshot::channel();
        let queued = self.jobs.send(Job { request, answer }).await;
        queued.map_err(|_| Failure::NotReady)?;
        scene.await.unwrap_or(Err(Failure::NotReady))
    }

    /// What it is doing now.
    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Whether it takes requests.
    pub fn is_ready(&self) -> bool {
        matches!(*self.state.borrow(), State::Ready { .. })
    }

    /// How often it was started again.
    pub fn restarts(&self) -> u64 {
        self.restarts.load(Ordering::Relaxed)
    }
}

/// Keeps the sidecar alive.
#[derive(Debug)]
pub struct Supervisor {
    command: String,
    models: PathBuf,
    queue: mpsc::Receiver<Job>,
    tell: watch::Sender<State>,
    restarts: Arc<AtomicU64>,
}

impl Supervisor {
    /// Life after life, until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut backoff = Backoff::default();
        loop {
            let born = Instant::now();
            let Err(death) = self.life(&stop).await else {
                return;
            };
            let pause = backoff.after(born.elapsed());
            warn!(
                pause_ms = pause.as_millis() as u64,
                "the sidecar is down: {death}"
            );
            self.tell.send_replace(State::Down(death.to_string()));
            if self.pause(pause, &stop).await.is_none() {
                return;
            }
            self.restarts.fetch_add(1, Ordering::Relaxed);
            self.tell.send_replace(State::Starting);
        }
    }

    /// One life, `Ok` when it was ended by `stop`.
    async fn life(&mut self, stop: &CancellationToken) -> Result<(), Death> {
        let mut process = Process::start(&self.command, &self.models)?;
        let finished = tokio::select! {
            death = self.serve(&mut process) => Err(death),
            () = stop.cancelled() => Ok(()),
        };
        if finished.is_ok() {
            process.stop().await;
        }
        finished
    }

    async fn serve(&mut self, process: &mut Process) -> Death {
        match self.greet(process).await {
            Ok(()) => self.answer(process).await,
            Err(death) => death,
        }
    }

    async fn greet(&mut self, process: &mut Process) -> Result<(), Death> {
        let Hello::Ready(voices) = within(START, process.read()).await?;
        let pid = process.id().unwrap_or_default();
        info!(pid, voices = voices.len(), "the sidecar is ready");
        self.tell.send_replace(State::Ready { pid, voices });
        Ok(())
    }

    /// Request after request.
    async fn answer(&mut self, process: &mut Process) -> Death {
        loop {
            let job = tokio::select! {
                death = process.died() => return death,
                job = self.queue.recv() => job,
            };
            let Some(job) = job else { return Death::Silent };
            // Whoever asked has gone.
            if job.answer.is_closed() {
                continue;
            }
            let (scene, death) = match ask(process, &job.request).await {
                Ok(reply) => (scene(reply), None),
                Err(death) => (Err(Failure::Died(death.to_string())), Some(death)),
            };
            // Nobody may be there to hear it.
            let _ = job.answer.send(scene);
            if let Some(death) = death {
                return death;
            }
        }
    }

    /// Waits, and refuses what is asked meanwhile. Nothing when it is time to stop.
    async fn pause(&mut self, pause: Duration, stop: &CancellationToken) -> Option<()> {
        let over = tokio::time::sleep(pause);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = stop.cancelled() => return None,
                () = &mut over => return Some(()),
                job = self.queue.recv() => drop(job?),
            }
        }
    }
}

async fn ask(process: &mut Process, request: &GenerateRequest) -> Result<Reply, Death> {
    process.write(&Request::from(request)).await?;
    within(ANSWER, process.read()).await
}

fn scene(reply: Reply) -> Result<Scene, Failure> {
    match reply {
        Reply::Scene(scene) => scene
            .try_into()
            .map_err(|_| Failure::Failed("the scene is no base64".to_owned())),
        Reply::Invalid(reason) => Err(Failure::Invalid(reason)),
        Reply::Failed(reason) => Err(Failure::Failed(reason)),
    }
}

async fn within<T>(
    limit: Duration,
    read: impl std::future::Future<Output = Result<T, Death>>,
) -> Result<T, Death> {
    tokio::time::timeout(limit, read)
        .await
        .unwrap_or(Err(Death::Late(limit)))
}
