//! What Prometheus asks for.

use prometheus::core::Collector;
use prometheus::{
    Gauge, GaugeVec, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TextEncoder,
};

use crate::models;
use crate::state::Shared;

/// From what is refused at once to the longest scene.
const SECONDS: [f64; 9] = [0.01, 0.1, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0];

/// Counters of a node's life. What can be asked for at any time is not kept here.
#[derive(Debug)]
pub struct Metrics {
    /// Peers that ever connected.
    pub peer_connections: IntCounter,
    requests: IntCounterVec,
    seconds: HistogramVec,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            peer_connections: made(IntCounter::new(
                "nsn_peer_connections_total",
                "Peers that completed the handshake",
            )),
            requests: made(IntCounterVec::new(
                Opts::new("nsn_requests_total", "gRPC requests by method and status code"),
                &["method", "code"],
            )),
            seconds: made(HistogramVec::new(
                HistogramOpts::new("nsn_request_seconds", "Time that gRPC requests took")
                    .buckets(SECONDS.to_vec()),
                &["method"],
            )),
        }
    }
}

impl Metrics {
    /// Counts a request that took `seconds` and ended with `code`.
    pub fn request(&self, method: &str, code: tonic::Code, seconds: f64) {
        let code = format!("{code:?}");
        self.requests.with_label_values(&[method, &code]).inc();
        self.seconds.with_label_values(&[method]).observe(seconds);
    }
}

/// The text that `/metrics` answers.
///
/// # Errors
/// When the library cannot write it.
pub fn text(shared: &Shared) -> prometheus::Result<String> {
    let registry = Registry::new();
    let counted = &shared.metrics;
    registry.register(Box::new(counted.peer_connections.clone()))?;
    registry.register(Box::new(counted.requests.clone()))?;
    registry.register(Box::new(counted.seconds.clone()))?;
    for collector in asked_now(shared)? {
        registry.register(collector)?;
    }
    TextEncoder::new().encode_to_string(&registry.gather())
}

fn asked_now(shared: &Shared) -> prometheus::Result<Vec<Box<dyn Collector>>> {
    let build = GaugeVec::new(
        Opts::new("nsn_build_info", "Always 1; the label is what counts"),
        &["version"],
    )?;
    build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1.0);
    let uptime = Gauge::new("nsn_uptime_seconds", "Seconds since the start")?;
    uptime.set(shared.uptime());
    let restarts = IntCounter::new(
        "nsn_sidecar_restarts_total",
        "Times that the sidecar was started again",
    )?;
    restarts.inc_by(shared.sidecar.restarts());
    let bytes = GaugeVec::new(
        Opts::new("nsn_model_bytes", "Size of a model's readable files"),
        &["model"],
    )?;
    for (model, found) in models::look(&shared.options.models_path) {
        bytes.with_label_values(&[model]).set(found.bytes as f64);
    }
    Ok(vec![
        Box::new(build),
        Box::new(uptime),
        Box::new(restarts),
        Box::new(bytes),
        gauge("nsn_peers", "Peers that are connected now", shared.peers())?,
        gauge(
            "nsn_slots",
            "Scenes that may be made or wait at the same time",
            shared.options.slots,
        )?,
        gauge(
            "nsn_slots_in_use",
            "Scenes that are made or wait now",
            shared.slots_in_use(),
        )?,
        gauge(
            "nsn_sidecar_up",
            "Whether the sidecar takes requests",
            shared.sidecar.is_ready().into(),
        )?,
    ])
}

fn gauge(name: &str, help: &str, value: u32) -> prometheus::Result<Box<dyn Collector>> {
    let gauge = IntGauge::new(name, help)?;
    gauge.set(value.into());
    Ok(Box::new(gauge))
}

/// Names and labels above are constants: a wrong one fails the first test.
fn made<T>(metric: prometheus::Result<T>) -> T {
    metric.expect("metrics have valid names")
}
