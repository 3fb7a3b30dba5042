//! A git repository over smart HTTP: `git http-backend` behind a server of the test's own.

use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use modelcrate_tests::{Engine, Output, Project};
use tiny_http::{Header, Request, Response, Server};

/// A server that ends with the value.
pub struct GitServer {
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
    repository: Project,
}

impl GitServer {
    /// Commits all files of `repository` and serves it. With a `token`, only who sends it as a password may read.
    pub fn new(engine: &Engine, repository: Project, token: Option<&'static str>) -> Self {
        git(repository.path(), &["init", "--quiet", "--initial-branch=main"]);
        git(repository.path(), &["add", "."]);
        let author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
        git(
            repository.path(),
            &[&author[..], &["commit", "--quiet", "--message=all"]].concat(),
        );
        let server = Arc::new(Server::http((engine.gateway().as_str(), 0)).expect("a free port"));
        let (to_serve, root) = (Arc::clone(&server), repository.path().to_owned());
        let thread = std::thread::spawn(move || {
            for request in to_serve.incoming_requests() {
                answer(&root, request, token);
            }
        });
        Self {
            server,
            thread: Some(thread),
            repository,
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}/.git", self.server.server_addr())
    }

    /// The commit.
    pub fn commit(&self) -> String {
        git(self.repository.path(), &["rev-parse", "HEAD"])
    }
}

fn git(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    Output::of(command.arg("-C").arg(folder).args(args))
        .ok()
        .stdout
        .trim()
        .to_owned()
}

/// A CGI call (RFC 3875).
fn answer(root: &Path, mut request: Request, token: Option<&str>) {
    let header = |name: &str| {
        let found = request
            .headers()
            .iter()
            .find(|header| header.field.as_str().as_str().eq_ignore_ascii_case(name));
        found
            .map(|header| header.value.as_str().to_owned())
            .unwrap_or_default()
    };
    if token.is_some_and(|token| !is_authorized(&header("Authorization"), token)) {
        let ask = Header::from_bytes("WWW-Authenticate", "Basic realm=\"git\"").expect("a header");
        let _ = request.respond(Response::empty(401).with_header(ask));
        return;
    }
    let (path, query) = request.url().split_once('?').unwrap_or((request.url(), ""));
    let mut child = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", request.method().as_str())
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("CONTENT_TYPE", header("Content-Type"))
        .env("HTTP_CONTENT_ENCODING", header("Content-Encoding"))
        .env("GIT_PROTOCOL", header("Git-Protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git http-backend");
    let mut body = Vec::new();
    request.as_reader().read_to_end(&mut body).expect("a request");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(&body)
        .expect("git reads the request");
    let output = child.wait_with_output().expect("git answers");
    let _ = request.respond(response(&output.stdout));
}

fn is_authorized(header: &str, token: &str) -> bool {
    use base64::Engine as _;
    // The scheme is written in any case (RFC 9110, 11.1).
    let sent = header.split_once(' ').map_or("", |(_scheme, sent)| sent);
    let sent = base64::engine::general_purpose::STANDARD
        .decode(sent)
        .unwrap_or_default();
    sent.ends_with(format!(":{token}").as_bytes())
}

fn response(output: &[u8]) -> Response<Cursor<Vec<u8>>> {
    let end = output
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .expect("headers end");
    let head = String::from_utf8_lossy(&output[..end]).into_owned();
    let mut response = Response::from_data(output[end + 4..].to_vec());
    for line in head.lines() {
        let (name, value) = line.split_once(": ").expect("a header");
        if name == "Status" {
            let code = value.split(' ').next().and_then(|code| code.parse::<u16>().ok());
            response = response.with_status_code(code.expect("a status"));
        } else {
            response.add_header(Header::from_bytes(name, value).expect("a header"));
        }
    }
    response
}

impl Drop for GitServer {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
