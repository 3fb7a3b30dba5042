//! An HTTP server for files and git repositories, on the loopback that engine and client share.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use tiny_http::{Header, Request, Response, StatusCode};

type Answer = Response<Cursor<Vec<u8>>>;

/// A server that runs until it is dropped.
///
/// It serves the files of a folder. A path through a folder that ends in `.git` is a repository, which git itself
/// answers for, so that clients can fetch from it. `/headers` says what headers the client sent.
pub struct Website {
    http: Arc<tiny_http::Server>,
    thread: Option<JoinHandle<()>>,
}

/// What the server answers from.
struct Site {
    root: PathBuf,
    authorization: Option<String>,
}

impl Website {
    /// Serves `root` to everybody.
    ///
    /// # Panics
    /// If no port can be had.
    pub fn start(root: &Path) -> Self {
        Self::serve(root, None)
    }

    /// Serves `root` to those who send this `Authorization` header.
    ///
    /// # Panics
    /// If no port can be had.
    pub fn locked(root: &Path, authorization: &str) -> Self {
        Self::serve(root, Some(authorization.to_owned()))
    }

    /// The URL of a path below the root.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.http.server_addr())
    }

    fn serve(root: &Path, authorization: Option<String>) -> Self {
        let http = Arc::new(tiny_http::Server::http("127.0.0.1:0").expect("a free port"));
        let site = Site {
            root: root.to_owned(),
            authorization,
        };
        let listener = Arc::clone(&http);
        let thread = std::thread::spawn(move || {
            for mut request in listener.incoming_requests() {
                let answer = site.answer(&mut request);
                // A client that went away has its reasons.
                let _ = request.respond(answer);
            }
        });
        Self {
            http,
            thread: Some(thread),
        }
    }
}

impl Drop for Website {
    fn drop(&mut self) {
        self.http.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Site {
    fn answer(&self, request: &mut Request) -> Answer {
        let (path, query) = request.url().split_once('?').unwrap_or((request.url(), ""));
        let (path, query) = (path.to_owned(), query.to_owned());
        let authorization = header(request, "Authorization");
        if self.authorization.is_some() && authorization != self.authorization {
            return Response::from_string("who are you?").with_status_code(401);
        }
        if path == "/headers" {
            return Response::from_string(headers(request));
        }
        if path.contains(".git/") {
            return self.git(request, &path, &query);
        }
        match std::fs::read(self.root.join(path.trim_start_matches('/'))) {
            Ok(data) => Response::from_data(data),
            Err(_) => Response::from_string("nothing here").with_status_code(404),
        }
    }

    /// Lets git answer (git-http-backend(1)).
    fn git(&self, request: &mut Request, path: &str, query: &str) -> Answer {
        let mut body = Vec::new();
        let read = request.as_reader().read_to_end(&mut body);
        read.expect("the body of the request");
        let mut backend = Command::new("git")
            .arg("http-backend")
            .env("GIT_PROJECT_ROOT", &self.root)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("REQUEST_METHOD", request.method().to_string())
            .env("PATH_INFO", path)
            .env("QUERY_STRING", query)
            .env("CONTENT_LENGTH", body.len().to_string())
            .env(
                "CONTENT_TYPE",
                header(request, "Content-Type").unwrap_or_default(),
            )
            .env(
                "HTTP_CONTENT_ENCODING",
                header(request, "Content-Encoding").unwrap_or_default(),
            )
            .env(
                "GIT_PROTOCOL",
                header(request, "Git-Protocol").unwrap_or_default(),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("git");
        let mut input = backend.stdin.take().expect("a pipe");
        let writer = std::thread::spawn(move || input.write_all(&body));
        let output = backend.wait_with_output().expect("the answer of git");
        // Git may answer without having read everything.
        let _ = writer.join();
        common_gateway(&output.stdout)
    }
}

/// The answer that a CGI program wrote (RFC 3875, section 6).
fn common_gateway(output: &[u8]) -> Answer {
    let end = output
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap_or(output.len());
    let head = String::from_utf8_lossy(&output[..end]).into_owned();
    let body = output.get(end + 4..).unwrap_or_default().to_vec();
    let mut answer = Response::from_data(body);
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        if name == "Status" {
            let code = value.split(' ').next().and_then(|code| code.parse().ok());
            answer = answer.with_status_code(StatusCode(code.unwrap_or(500)));
        } else if let Ok(header) = Header::from_bytes(name, value) {
            answer.add_header(header);
        }
    }
    answer
}

fn header(request: &Request, name: &'static str) -> Option<String> {
    let header = request.headers().iter().find(|header| header.field.equiv(name))?;
    Some(header.value.to_string())
}

fn headers(request: &Request) -> String {
    let lines = request
        .headers()
        .iter()
        .map(|header| format!("{header}\n").to_lowercase());
    lines.collect()
}
