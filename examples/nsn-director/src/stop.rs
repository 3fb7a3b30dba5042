//! The signals that end the node.

use std::future::Future;

use tokio::signal::unix::{signal as listen, SignalKind};
use tracing::info;

/// Completes on SIGTERM, which is what an engine sends, and on SIGINT, which is what a terminal sends.
///
/// The process listens from this call on, also where the result is not awaited yet.
///
/// # Errors
/// When the process cannot listen for signals.
pub fn signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => info!("SIGTERM"),
            _ = interrupt.recv() => info!("SIGINT"),
        }
    })
}
