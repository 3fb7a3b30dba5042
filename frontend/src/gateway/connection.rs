//! The connection before anything is known of the engine: enough to ask what it can do, and to return.

#[cfg(test)]
use std::os::fd::OwnedFd;
use std::time::Duration;

use bollard_buildkit_proto::google::rpc;
use bollard_buildkit_proto::moby::buildkit::v1::frontend::{
    PingRequest, PongResponse, ReturnRequest, ReturnResponse,
};
use prost::Message;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

use super::capability::{Capabilities, RETURN};
use super::error::{ErrorKind, GatewayError};
use super::result::BuildResult;
use super::transport::{self, Duplex};
use super::{Gateway, Setup};

/// The engine's own limit for a message in either direction, in bytes: 16 MiB (containerd defaults/defaults.go).
const MESSAGE_LIMIT: usize = 16 << 20;
/// How long the engine may take to say what it is (buildkit frontend/gateway/grpcclient/client.go).
const PING_TIMEOUT: Duration = Duration::from_secs(15);

/// A connection to the gateway service of the engine, `moby.buildkit.v1.frontend.LLBBridge`.
#[derive(Debug, Clone)]
pub struct Connection {
    channel: Channel,
}

impl Connection {
    /// The connection that BuildKit opened on descriptors 0 and 1.
    ///
    /// Fails with [`ErrorKind::Closed`] where they are neither pipes nor a socket: a person started the program.
    pub async fn stdio() -> Result<Self, GatewayError> {
        let channel = transport::stdio().await?;
        Ok(Self { channel })
    }

    /// A connection over two descriptors as [`Self::stdio`] has them.
    #[cfg(test)]
    pub async fn descriptors(input: OwnedFd, output: OwnedFd) -> Result<Self, GatewayError> {
        let channel = transport::descriptors(input, output).await?;
        Ok(Self { channel })
    }

    /// A connection over any stream, for tests.
    pub async fn over(stream: impl Duplex + 'static) -> Result<Self, GatewayError> {
        let channel = transport::over(stream).await?;
        Ok(Self { channel })
    }

    /// Asks the engine what it can do; what comes back can do everything else.
    ///
    /// Fails where the engine is too old to take a result ([`RETURN`], BuildKit 0.3).
    pub async fn ping(&self, setup: Setup) -> Result<Gateway, GatewayError> {
        let asked = self.call::<_, PongResponse>("Ping", PingRequest {});
        let pong = tokio::time::timeout(PING_TIMEOUT, asked)
            .await
            .map_err(|_| GatewayError::new(ErrorKind::Closed, "the engine did not answer within 15 s"))??;
        let capabilities = Capabilities::new(&pong.frontend_api_caps, &pong.llb_caps, &setup.product);
        capabilities.require_gateway(RETURN)?;
        Ok(Gateway::new(self.clone(), capabilities, setup, &pong.workers))
    }

    /// Ends the build with its result; the engine takes one result or one error, once.
    pub async fn return_result(&self, result: BuildResult) -> Result<(), GatewayError> {
        let request = ReturnRequest {
            result: Some(result.into_pb()?),
            error: None,
        };
        self.send_return(request).await
    }

    /// Ends the build with an error.
    ///
    /// A status with code 0 is no error to the engine, so it becomes `Unknown`.
    pub async fn return_error(&self, mut error: rpc::Status) -> Result<(), GatewayError> {
        if error.code == 0 {
            error.code = super::error::CODE_UNKNOWN;
        }
        let request = ReturnRequest {
            result: None,
            error: Some(error),
        };
        self.send_return(request).await
    }

    /// One call of the service, by its name in `gateway.proto`.
    pub(super) async fn call<Q, A>(&self, method: &str, request: Q) -> Result<A, GatewayError>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let mut grpc = Grpc::new(self.channel.clone())
            .max_decoding_message_size(MESSAGE_LIMIT)
            .max_encoding_message_size(MESSAGE_LIMIT);
        grpc.ready().await.map_err(|cause| GatewayError::closed(&cause))?;
        let codec = ProstCodec::<Q, A>::default();
        let answer = grpc
            .unary(tonic::Request::new(request), path(method)?, codec)
            .await?;
        Ok(answer.into_inner())
    }

    async fn send_return(&self, request: ReturnRequest) -> Result<(), GatewayError> {
        let ReturnResponse {} = self.call("Return", request).await?;
        Ok(())
    }
}

fn path(method: &str) -> Result<PathAndQuery, GatewayError> {
    PathAndQuery::try_from(format!("/moby.buildkit.v1.frontend.LLBBridge/{method}"))
        .map_err(|cause| GatewayError::new(ErrorKind::Engine, format!("no call `{method}`: {cause}")))
}
