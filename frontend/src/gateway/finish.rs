//! The end of the process.

use bollard_buildkit_proto::google::rpc;
use tokio::signal::unix::{SignalKind, signal};

use super::{BuildResult, Connection, GatewayError};

impl Connection {
    /// Returns the outcome and gives the exit status for [`std::process::exit`], which must follow at once: the engine
    /// holds standard input open until the process is gone, so leaving `main` may wait for ever.
    ///
    /// An exit status other than 0 makes the engine report a success as a failure, and nothing it could not report
    /// better: it is 1 only when nothing could be returned. The words then go to the engine's log.
    pub async fn finish(&self, outcome: Result<BuildResult, rpc::Status>) -> i32 {
        let returned = match outcome {
            Ok(result) => self.return_or_explain(result).await,
            Err(error) => self.return_error(error).await,
        };
        match returned {
            Ok(()) => 0,
            Err(error) => {
                eprintln!("{error}");
                1
            }
        }
    }

    /// A result that must not be sent is an error that can be.
    async fn return_or_explain(&self, result: BuildResult) -> Result<(), GatewayError> {
        match self.return_result(result).await {
            Err(error) if error.kind == super::ErrorKind::Invalid => {
                self.return_error(error.into_status()).await
            }
            returned => returned,
        }
    }
}

/// Waits for `SIGTERM`. As the first process of its container the frontend gets no default handling of it, so whoever
/// drives the build waits for this beside the build and exits with 143.
pub async fn terminated() {
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}
