//! Asks a service whether it is well.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long one connection, write or read may take. Docker's own `timeout` ends the whole check before or after.
const PATIENCE: Duration = Duration::from_secs(30);

/// Enough for the status line and then some; a body is of no interest.
const HEAD_BYTES: usize = 1024;

/// Asks `http://HOST[:PORT]/PATH` (well: a status of 200 to 399, as Kubernetes has it) or `tcp:PORT` (well: something
/// accepts).
///
/// # Errors
/// In one line, what was asked and what came back.
pub fn check(target: &str) -> Result<String, String> {
    if let Some(port) = target.strip_prefix("tcp:") {
        let port: u16 = port.parse().map_err(|_| format!("`{port}` is not a port"))?;
        return connect("localhost", port).map(|_| format!("port {port} accepts"));
    }
    let url =
        Url::parse(target).ok_or_else(|| format!("`{target}` is not http://HOST[:PORT]/PATH or tcp:PORT"))?;
    let status = get(&url).map_err(|error| format!("{target}: {error}"))?;
    let line = format!("{target} answers {status}");
    if (200..400).contains(&status) {
        Ok(line)
    } else {
        Err(line)
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Url<'a> {
    host: &'a str,
    port: u16,
    path: &'a str,
}

impl<'a> Url<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix("http://")?;
        let (authority, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ => (authority, 80),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        (!host.is_empty()).then_some(Self { host, port, path })
    }
}

fn get(url: &Url<'_>) -> Result<u16, String> {
    let mut stream = connect(url.host, url.port)?;
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: modelcrate-launcher\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        url.path, url.host, url.port
    );
    stream
        .write_all(request.as_bytes())
        .map_err(|error| error.to_string())?;
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let mut part = [0; 256];
    while !head.contains(&b'\n') && head.len() < HEAD_BYTES {
        match stream.read(&mut part).map_err(|error| error.to_string())? {
            0 => break,
            read => head.extend_from_slice(&part[..read]),
        }
    }
    status(&head).ok_or_else(|| "the answer is not HTTP".into())
}

/// The code in `HTTP/1.1 200 OK`.
fn status(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\r' || *byte == b'\n').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    words.next()?.starts_with("HTTP/").then_some(())?;
    words.next()?.parse().ok()
}

/// Tries every address of a name: `localhost` may be `::1` first while the service listens on 127.0.0.1 alone.
fn connect(host: &str, port: u16) -> Result<TcpStream, String> {
    let mut last = format!("no address for `{host}`");
    for address in addresses(host, port)? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => {
                stream
                    .set_read_timeout(Some(PATIENCE))
                    .map_err(|error| error.to_string())?;
                stream
                    .set_write_timeout(Some(PATIENCE))
                    .map_err(|error| error.to_string())?;
                return Ok(stream);
            }
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}

fn addresses(host: &str, port: u16) -> Result<Vec<std::net::SocketAddr>, String> {
    // Images without /etc/hosts and resolver know this name too.
    if host == "localhost" {
        return Ok(vec![
            ([127, 0, 0, 1], port).into(),
            (std::net::Ipv6Addr::LOCALHOST, port).into(),
        ]);
    }
    Ok((host, port)
        .to_socket_addrs()
        .map_err(|error| error.to_string())?
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn serve(answer: &'static [u8]) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 512]);
            stream.write_all(answer).unwrap();
        });
        port
    }

    #[test]
    fn a_service_that_answers_is_well_and_one_that_fails_is_not() {
        let port = serve(b"HTTP/1.1 204 No Content\r\n\r\n");
        assert!(check(&format!("http://localhost:{port}/health")).is_ok());
        let port = serve(b"HTTP/1.1 503 Service Unavailable\r\n\r\n");
        let error = check(&format!("http://127.0.0.1:{port}/health")).unwrap_err();
        assert!(error.ends_with("answers 503"), "{error}");
        let port = serve(b"SSH-2.0-x\r\n");
        assert!(
            check(&format!("http://localhost:{port}"))
                .unwrap_err()
                .contains("not HTTP")
        );
    }

    #[test]
    fn a_port_that_nobody_has_is_not_well() {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        assert!(check(&format!("tcp:{port}")).is_err());
        assert!(check("tcp:x").unwrap_err().contains("not a port"));
        assert!(
            check("https://localhost/")
                .unwrap_err()
                .contains("is not http://")
        );
    }

    #[test]
    fn urls_are_read() {
        assert_eq!(
            Url::parse("http://[::1]:80/a?b"),
            Some(Url {
                host: "::1",
                port: 80,
                path: "/a?b"
            })
        );
        assert_eq!(
            Url::parse("http://h"),
            Some(Url {
                host: "h",
                port: 80,
                path: "/"
            })
        );
        assert_eq!(Url::parse("http://:80/"), None);
    }
}
