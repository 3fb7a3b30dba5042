//! A way to a server on which requests are counted, and answers stop where a test wants them to.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Hands everything on, and keeps the first line of each request. Signatures stay valid: they are for the host that was asked.
pub struct Counter {
    pub url: String,
    lines: Arc<Mutex<Vec<String>>>,
    /// Bytes that answers may still have; `None` is no limit.
    left: Arc<Mutex<Option<usize>>>,
}

impl Counter {
    /// In front of `http://HOST:PORT`.
    pub fn before(url: &str) -> Self {
        let server = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let own = format!("http://{}", listener.local_addr().expect("an address"));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        let left = Arc::new(Mutex::new(None));
        let of_answers = Arc::clone(&left);
        // It ends with the process of the test.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&server).expect("the server");
                let back = (
                    server.try_clone().expect("a socket"),
                    client.try_clone().expect("a socket"),
                );
                let left = Arc::clone(&of_answers);
                std::thread::spawn(move || hand_on(back.0, back.1, |bytes| spend(&left, bytes.len())));
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || {
                    hand_on(client, server, |bytes| {
                        let text = String::from_utf8_lossy(bytes);
                        let first = text.lines().filter(|line| line.ends_with(" HTTP/1.1"));
                        kept.lock().expect("no panic").extend(first.map(str::to_owned));
                    });
                });
            }
        });
        Self {
            url: own,
            lines,
            left,
        }
    }

    /// The requests so far, `GET /path?query HTTP/1.1`, and forgets them.
    pub fn take(&self) -> Vec<String> {
        let mut lines = std::mem::take(&mut *self.lines.lock().expect("no panic"));
        lines.sort();
        lines
    }

    /// Answers stop after so many more bytes, all together, and connections stay.
    pub fn stall_after(&self, bytes: usize) {
        *self.left.lock().expect("no panic") = Some(bytes);
    }

    /// Whether answers have stopped.
    pub fn stalls(&self) -> bool {
        *self.left.lock().expect("no panic") == Some(0)
    }

    /// Answers go on.
    pub fn go_on(&self) {
        *self.left.lock().expect("no panic") = None;
    }
}

/// Waits until there is room for so many bytes. What was refused once leaves no room for others.
fn spend(left: &Mutex<Option<usize>>, bytes: usize) {
    loop {
        let mut left = left.lock().expect("no panic");
        match left.map(|left| left.checked_sub(bytes)) {
            None => return,
            Some(Some(less)) => return *left = Some(less),
            Some(None) => *left = Some(0),
        }
        drop(left);
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn hand_on(mut from: TcpStream, mut to: TcpStream, see: impl Fn(&[u8])) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        see(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
