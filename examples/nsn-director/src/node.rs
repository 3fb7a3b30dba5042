//! A node's life: listen, work, finish what was begun, leave.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinError;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::identity::{Identity, IdentityError};
use crate::options::Node as Options;
use crate::sidecar::{Sidecar, Supervisor};
use crate::state::{Addresses, Shared};
use crate::{grpc, http, peers};

/// An answer on `/health` or `/metrics` may take this long once everything else is over.
const SCRAPE: Duration = Duration::from_secs(1);

/// A node that has its ports and has not begun to work.
pub struct Node {
    shared: Arc<Shared>,
    supervisor: Supervisor,
    p2p: TcpListener,
    metrics: TcpListener,
    grpc: TcpListener,
}

/// Why a node ends other than well.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A port is taken, or may not be.
    #[error("cannot listen on {address} for {service}: {error}")]
    Bind {
        /// What it is for.
        service: &'static str,
        /// Where.
        address: SocketAddr,
        /// The system's reason.
        error: std::io::Error,
    },
    /// There is no key.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A listener broke.
    #[error("gRPC ended: {0}")]
    Grpc(#[from] tonic::transport::Error),
    /// A listener broke.
    #[error("HTTP ended: {0}")]
    Http(#[from] std::io::Error),
    /// A part panicked.
    #[error("a part of the node is broken: {0}")]
    Part(#[from] JoinError),
    /// Requests took too long to finish.
    #[error("{0} requests were cut off: they took longer than the shutdown may")]
    CutOff(u32),
}

impl Node {
    /// Takes the ports.
    ///
    /// # Errors
    /// When a port cannot be taken or the key cannot be read.
    pub async fn bind(options: Options) -> Result<Self, Error> {
        let identity = Identity::load(options.node_key.as_deref())?;
        let p2p = listen("p2p", &options, options.p2p_port).await?;
        let metrics = listen("metrics", &options, options.metrics_port).await?;
        let grpc = listen("grpc", &options, options.grpc_port).await?;
        let addresses = Addresses {
            p2p: p2p.local_addr()?,
            metrics: metrics.local_addr()?,
            grpc: grpc.local_addr()?,
        };
        let (sidecar, supervisor) = Sidecar::new(options.sidecar.clone(), options.models_path.clone());
        info!(
            id = identity.id(),
            p2p = %addresses.p2p,
            metrics = %addresses.metrics,
            grpc = %addresses.grpc,
            "listening"
        );
        let shared = Arc::new(Shared::new(options, addresses, identity, sidecar));
        Ok(Self {
            shared,
            supervisor,
            p2p,
            metrics,
            grpc,
        })
    }

    /// Where it listens.
    pub fn addresses(&self) -> Addresses {
        self.shared.addresses
    }

    /// Works until `stop` completes. Then nothing new is taken, requests are finished, peers are told, and the sidecar
    /// leaves; `/health` and `/metrics` answer until then.
    ///
    /// # Errors
    /// When a listener breaks, or when requests took longer to finish than they may.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), Error> {
        let shared = self.shared;
        // First those who are served, then those who serve them.
        let (takes_requests, answers) = (CancellationToken::new(), CancellationToken::new());
        let mut grpc = tokio::spawn(grpc::serve(
            self.grpc,
            Arc::clone(&shared),
            takes_requests.clone(),
        ));
        let peers = tokio::spawn(peers::serve(
            self.p2p,
            Arc::clone(&shared),
            takes_requests.clone(),
        ));
        let mut http = tokio::spawn(http::serve(self.metrics, Arc::clone(&shared), answers.clone()));
        let sidecar = tokio::spawn(self.supervisor.run(answers.clone()));

        tokio::select! {
            () = stop => {}
            ended = &mut grpc => return Ok(ended??),
            ended = &mut http => return Ok(ended??),
        }

        shared.stop();
        takes_requests.cancel();
        info!(requests = shared.slots_in_use(), "stopping");
        let finished =
            tokio::time::timeout(shared.options.grace(), async { (grpc.await, peers.await) }).await;
        let cut_off = shared.slots_in_use();
        answers.cancel();
        sidecar.await?;
        // A scrape that is stuck has no say in this.
        if let Ok(ended) = tokio::time::timeout(SCRAPE, http).await {
            ended??;
        }
        let (grpc, peers) = finished.map_err(|_| Error::CutOff(cut_off))?;
        grpc??;
        peers?;
        info!("stopped");
        Ok(())
    }
}

async fn listen(service: &'static str, options: &Options, port: u16) -> Result<TcpListener, Error> {
    let address = SocketAddr::new(options.listen, port);
    let bound = TcpListener::bind(address).await;
    bound.map_err(|error| Error::Bind {
        service,
        address,
        error,
    })
}
