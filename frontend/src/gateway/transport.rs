//! HTTP/2 in clear text with prior knowledge, over one duplex stream (buildkit frontend/gateway/gateway.go,
//! `serveLLBBridgeForwarder`): the engine is the server, this process the client.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::sync::{Mutex, PoisonError};

use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use tonic::transport::{Channel, Endpoint};

use super::error::{ErrorKind, GatewayError};

/// Both directions of the connection.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// The connection that the engine opened on standard input and output.
pub(super) async fn stdio() -> Result<Channel, GatewayError> {
    descriptors(duplicate(&std::io::stdin())?, duplicate(&std::io::stdout())?).await
}

/// A connection over two pipes, or over one socket on both descriptors.
///
/// The descriptors are read without blocking, so that no thread is left waiting when the process wants to end.
pub(super) async fn descriptors(input: OwnedFd, output: OwnedFd) -> Result<Channel, GatewayError> {
    let stream = match socket(&input) {
        Some(socket) => Box::new(UnixStream::from_std(socket).map_err(unusable)?) as Box<dyn Duplex>,
        None => Box::new(pipes(input, output).map_err(unusable)?),
    };
    over(stream).await
}

/// A channel over `stream`; it is never opened again once it is closed.
pub(super) async fn over(stream: impl Duplex + 'static) -> Result<Channel, GatewayError> {
    let once = Mutex::new(Some(stream));
    let connector = tower::service_fn(move |_| {
        let stream = once.lock().unwrap_or_else(PoisonError::into_inner).take();
        let opened = stream.map(TokioIo::new).ok_or_else(gone);
        std::future::ready(opened)
    });
    Endpoint::from_static("http://localhost")
        .connect_with_connector(connector)
        .await
        .map_err(|cause| GatewayError::closed(&cause))
}

fn gone() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::BrokenPipe, "the engine hung up")
}

fn duplicate(descriptor: &impl AsFd) -> Result<OwnedFd, GatewayError> {
    descriptor.as_fd().try_clone_to_owned().map_err(unusable)
}

/// One socket on both descriptors, as some launchers do; none where they are pipes.
fn socket(input: &OwnedFd) -> Option<StdUnixStream> {
    let socket = StdUnixStream::from(input.try_clone().ok()?);
    socket.local_addr().ok()?;
    socket.set_nonblocking(true).ok()?;
    Some(socket)
}

fn pipes(input: OwnedFd, output: OwnedFd) -> std::io::Result<impl Duplex + 'static> {
    let reader = pipe::Receiver::from_owned_fd(input)?;
    let writer = pipe::Sender::from_owned_fd(output)?;
    Ok(tokio::io::join(reader, writer))
}

fn unusable(cause: std::io::Error) -> GatewayError {
    GatewayError::new(
        ErrorKind::Closed,
        format!("standard input and output are no connection to BuildKit: {cause}"),
    )
    .hint("this program is started by BuildKit: write `# syntax=modelcrate/frontend:1` as the first line of the spec and run `docker buildx build`")
}
