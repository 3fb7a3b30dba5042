use tokio::net::UnixStream;
use tokio::net::unix::pipe;

use super::solved;
use crate::gateway::fake_engine::FakeEngine;
use crate::gateway::transport::Duplex;
use crate::gateway::{Connection, ErrorKind, Setup, located_error};

#[tokio::test]
async fn a_broken_pipe_ends_every_call() {
    let (client, server) = tokio::io::duplex(1 << 10);
    let connection = Connection::over(client).await.unwrap();
    let asking = tokio::spawn(async move {
        let first = connection.ping(Setup::default()).await.unwrap_err();
        let second = connection
            .return_error(located_error("late", &[]))
            .await
            .unwrap_err();
        (first, second)
    });
    tokio::task::yield_now().await;
    drop(server);
    let (first, second) = asking.await.unwrap();
    assert_eq!((first.kind, second.kind), (ErrorKind::Closed, ErrorKind::Closed));
}

/// The engine behind descriptors of the operating system, as the frontend's process has them.
fn relay(engine: &FakeEngine, mut wire: impl Duplex + 'static) {
    let mut pipe = engine.pipe();
    tokio::spawn(async move { tokio::io::copy_bidirectional(&mut pipe, &mut wire).await });
}

async fn reads_a_large_file(connection: Connection) {
    let gateway = connection.ping(Setup::default()).await.unwrap();
    let files = solved(&gateway, "context").await;
    assert_eq!(gateway.read_file(&files, "large").await.unwrap().len(), 3 << 20);
}

#[tokio::test]
async fn pipes_carry_the_connection_without_blocking() {
    let engine = FakeEngine::current().file("context", "large", vec![7; 3 << 20]);
    let (engine_input, output) = std::io::pipe().unwrap();
    let (input, engine_output) = std::io::pipe().unwrap();
    let reader = pipe::Receiver::from_owned_fd(engine_input.into()).unwrap();
    let writer = pipe::Sender::from_owned_fd(engine_output.into()).unwrap();
    relay(&engine, tokio::io::join(reader, writer));
    reads_a_large_file(
        Connection::descriptors(input.into(), output.into())
            .await
            .unwrap(),
    )
    .await;
}

#[tokio::test]
async fn one_socket_on_both_descriptors_carries_it_too() {
    let engine = FakeEngine::current().file("context", "large", vec![7; 3 << 20]);
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    theirs.set_nonblocking(true).unwrap();
    relay(&engine, UnixStream::from_std(theirs).unwrap());
    let output = ours.try_clone().unwrap();
    reads_a_large_file(Connection::descriptors(ours.into(), output.into()).await.unwrap()).await;
}
