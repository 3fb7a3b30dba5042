//! A folder served over HTTP to build steps.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use tiny_http::{Response, Server};

use crate::Engine;

/// A server that ends with the value.
pub struct FileServer {
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
    url: String,
}

impl FileServer {
    /// Serves `folder` at an address that the engine's steps reach.
    pub fn new(engine: &Engine, folder: &Path) -> Self {
        let server = Server::http((engine.gateway().as_str(), 0)).expect("a free port");
        let server = Arc::new(server);
        let url = format!("http://{}", server.server_addr());
        let (to_serve, folder) = (Arc::clone(&server), folder.to_owned());
        let thread = std::thread::spawn(move || {
            for request in to_serve.incoming_requests() {
                let answer = file(&folder, request.url());
                // The client may be gone; that is its own business.
                let _ = match answer {
                    Some(file) => request.respond(Response::from_file(file)),
                    None => request.respond(Response::empty(404)),
                };
            }
        });
        Self {
            server,
            thread: Some(thread),
            url,
        }
    }

    /// `http://ADDRESS:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }
}

fn file(folder: &Path, url: &str) -> Option<File> {
    let path = PathBuf::from(url.trim_start_matches('/'));
    let plain = path
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    let path = folder.join(path);
    (plain && path.is_file()).then(|| File::open(path).ok()).flatten()
}

impl Drop for FileServer {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
