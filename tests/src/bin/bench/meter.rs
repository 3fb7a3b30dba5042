//! Counting what goes over the wires.
//!
//! A [`Meter`] stands in front of the registry and hands every byte on, so that all of HTTP is counted as it is. What
//! steps download comes over the engine's bridge; the kernel counts that.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use modelcrate_tests::Engine;

/// A counting door to one address. It stays open as long as the program runs.
#[derive(Debug)]
pub struct Meter {
    address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU64,
    received: AtomicU64,
}

impl Meter {
    /// A door to `target`, `HOST:PORT`.
    pub fn before(target: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let counts = Arc::new(Counts::default());
        let (target, of_all) = (target.to_owned(), Arc::clone(&counts));
        std::thread::spawn(move || {
            for client in listener.incoming().filter_map(Result::ok) {
                let (target, counts) = (target.clone(), Arc::clone(&of_all));
                std::thread::spawn(move || serve(client, &target, &counts));
            }
        });
        Self { address, counts }
    }

    /// `HOST:PORT`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Bytes that clients sent so far.
    pub fn sent(&self) -> u64 {
        self.counts.sent.load(Ordering::SeqCst)
    }

    /// Bytes that clients received so far.
    pub fn received(&self) -> u64 {
        self.counts.received.load(Ordering::SeqCst)
    }
}

fn serve(client: TcpStream, target: &str, counts: &Arc<Counts>) {
    let Ok(server) = TcpStream::connect(target) else {
        return;
    };
    let (Ok(client_reads), Ok(server_writes)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let of_client = Arc::clone(counts);
    let sending = std::thread::spawn(move || hand_on(client_reads, server_writes, &of_client.sent));
    hand_on(server, client, &counts.received);
    let _ = sending.join();
}

/// Counts before it writes: whoever has read a byte finds it counted.
fn hand_on(mut from: TcpStream, mut to: TcpStream, count: &AtomicU64) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        count.fetch_add(length as u64, Ordering::SeqCst);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    let _ = from.shutdown(Shutdown::Read);
}

/// Bytes that steps on this engine received so far, as the kernel counts what the engine's bridge hands on to them.
pub fn downloaded(engine: &Engine) -> u64 {
    let path = format!("/sys/class/net/{}/statistics/tx_bytes", engine.bridge());
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {path}: {error}"));
    text.trim().parse().expect("a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_through_is_whole_and_counted() {
        let server = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let meter = Meter::before(&server.local_addr().unwrap().to_string());
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let mut question = [0; 5];
            stream.read_exact(&mut question).unwrap();
            stream.write_all(b"an answer").unwrap();
        });
        let mut client = TcpStream::connect(meter.address()).unwrap();
        client.write_all(b"hello").unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answering.join().unwrap();
        assert_eq!(
            (answer.as_str(), meter.sent(), meter.received()),
            ("an answer", 5, 9)
        );
    }
}
