//! What the parts of a node share.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;

use crate::identity::Identity;
use crate::metrics::Metrics;
use crate::options::Node as Options;
use crate::sidecar::Sidecar;

/// One for each node.
#[derive(Debug)]
pub struct Shared {
    /// As given on the command line.
    pub options: Options,
    /// Where it listens.
    pub addresses: Addresses,
    /// Its key.
    pub identity: Identity,
    /// The way to the models.
    pub sidecar: Sidecar,
    /// What was counted.
    pub metrics: Metrics,
    /// A permit for each scene that is made or waits.
    pub slots: Arc<Semaphore>,
    peers: AtomicU32,
    stopping: AtomicBool,
    started: Instant,
}

/// Where a node listens.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// For other nodes.
    pub p2p: SocketAddr,
    /// For /health and /metrics.
    pub metrics: SocketAddr,
    /// For gRPC.
    pub grpc: SocketAddr,
}

impl Shared {
    /// A node that has just been started.
    pub fn new(options: Options, addresses: Addresses, identity: Identity, sidecar: Sidecar) -> Self {
        let slots = Arc::new(Semaphore::new(options.slots as usize));
        Self {
            options,
            addresses,
            identity,
            sidecar,
            metrics: Metrics::default(),
            slots,
            peers: AtomicU32::new(0),
            stopping: AtomicBool::new(false),
            started: Instant::now(),
        }
    }

    /// Seconds since the start.
    pub fn uptime(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Slots that are taken now.
    pub fn slots_in_use(&self) -> u32 {
        let free = u32::try_from(self.slots.available_permits()).unwrap_or(u32::MAX);
        self.options.slots.saturating_sub(free)
    }

    /// Nodes that are connected now.
    pub fn peers(&self) -> u32 {
        self.peers.load(Ordering::Relaxed)
    }

    /// Counts a peer for as long as the result lives.
    pub fn peer(self: &Arc<Self>) -> Peer {
        self.peers.fetch_add(1, Ordering::Relaxed);
        self.metrics.peer_connections.inc();
        Peer(Arc::clone(self))
    }

    /// Whether the node was told to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// From now on the node takes nothing new.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

/// A connected node.
#[derive(Debug)]
pub struct Peer(Arc<Shared>);

impl Drop for Peer {
    fn drop(&mut self) {
        self.0.peers.fetch_sub(1, Ordering::Relaxed);
    }
}
