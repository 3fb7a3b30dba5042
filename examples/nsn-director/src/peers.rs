//! Other nodes, which speak a protocol of lines.
//!
//! ```text
//! > NSN/1 NONCE              at least 16 characters of the peer's choice
//! < NSN/1 NODE-ID SIGNATURE  of NONCE: the node holds the key of its id
//! > PING                     as often as it likes
//! < PONG
//! > BYE                      or it just closes
//! ```
//!
//! Anything else is answered with `ERROR` and a reason, and the end. A node that stops says `BYE` itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, info, warn};

use crate::state::Shared;

/// In bytes, with its end.
const LONGEST_LINE: u64 = 256;
const SHORTEST_NONCE: usize = 16;
const MOST_PEERS: u32 = 256;
const HANDSHAKE: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_secs(300);
/// What to do when the system has no more connections to give.
const NO_MORE: Duration = Duration::from_millis(100);

/// Takes peers until `stop`, then says goodbye to them.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let talks = TaskTracker::new();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, address)) => {
                talks.spawn(talk(stream, address, Arc::clone(&shared), stop.clone()));
            }
            Err(error) => {
                warn!("no peer can be taken: {error}");
                tokio::time::sleep(NO_MORE).await;
            }
        }
    }
    drop(listener);
    talks.close();
    talks.wait().await;
}

async fn talk(stream: TcpStream, address: SocketAddr, shared: Arc<Shared>, stop: CancellationToken) {
    let mut line = Line(BufReader::new(stream));
    let ended = match stop.run_until_cancelled(speak(&mut line, address, &shared)).await {
        Some(ended) => ended,
        None => line.write("BYE").await,
    };
    // How a peer leaves is its own business.
    if let Err(error) = ended {
        debug!(%address, "a peer is gone: {error}");
    }
}

async fn speak(line: &mut Line, address: SocketAddr, shared: &Arc<Shared>) -> std::io::Result<()> {
    let hello = line.read(HANDSHAKE).await?;
    let greeting = match greeting(&hello, shared) {
        Ok(greeting) => greeting,
        Err(reason) => return line.write(&format!("ERROR {reason}")).await,
    };
    let _peer = shared.peer();
    info!(%address, peers = shared.peers(), "a peer");
    line.write(&greeting).await?;
    loop {
        match line.read(IDLE).await?.as_str() {
            "PING" => line.write("PONG").await?,
            "BYE" | "" => return Ok(()),
            _ => return line.write("ERROR expected PING or BYE").await,
        }
    }
}

fn greeting(hello: &str, shared: &Shared) -> Result<String, String> {
    if shared.peers() >= MOST_PEERS {
        return Err("this node has no room for more peers".to_owned());
    }
    let nonce = hello.strip_prefix("NSN/1 ").ok_or("expected NSN/1 NONCE")?;
    if nonce.len() < SHORTEST_NONCE {
        return Err(format!("a nonce has at least {SHORTEST_NONCE} characters"));
    }
    let identity = &shared.identity;
    let signature = identity
        .sign(nonce.as_bytes())
        .map_err(|_| "the node cannot sign")?;
    Ok(format!("NSN/1 {} {signature}", identity.id()))
}

struct Line(BufReader<TcpStream>);

impl Line {
    /// The next one, without its end. Empty when the peer has closed.
    async fn read(&mut self, limit: Duration) -> std::io::Result<String> {
        let mut text = String::new();
        let mut limited = (&mut self.0).take(LONGEST_LINE);
        tokio::time::timeout(limit, limited.read_line(&mut text)).await??;
        Ok(text.trim_end().to_owned())
    }

    async fn write(&mut self, text: &str) -> std::io::Result<()> {
        self.0.write_all(format!("{text}\n").as_bytes()).await
    }
}
