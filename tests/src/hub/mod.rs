//! A model hub on this machine: what huggingface.co answers to those who download models, from folders, with the
//! faults that a test plans.
//!
//! The routes, headers and errors are those that huggingface_hub 2.4 reads; `tests/e2e/hub.rs` holds them against that
//! client. A file is small, and the hub sends it itself, or large (in git LFS), and the hub sends to another origin for
//! it: the CDN, at a signed address that expires.

mod access;
mod answer;
mod api;
mod asked;
mod card;
mod cdn;
mod commit;
mod content;
mod fault;
mod file;
mod log;
mod refusal;
mod repository;
mod resolve;
mod route;
mod site;
mod tree;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::ListenerExt as _;
use tokio::runtime::Runtime;

pub use access::Access;
pub use fault::Fault;
pub use log::{Request, Side};
pub use repository::Repository;

use crate::{Engine, Output, Project};
use site::Site;

/// A hub and its CDN, which run until the value is dropped. It can be changed while it runs.
pub struct Hub {
    site: Arc<Site>,
    runtime: Option<Runtime>,
}

impl Hub {
    /// On the loopback that this machine and the engine's own downloads share.
    pub fn start() -> Self {
        Self::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }

    /// At an address that the engine's build steps and containers reach too.
    pub fn for_engine(engine: &Engine) -> Self {
        let address: IpAddr = engine.gateway().parse().expect("an IP address");
        Self::listen(SocketAddr::from((address, 0)))
    }

    /// At an address of the caller's; port 0 stands for any that is free.
    ///
    /// # Panics
    /// If nobody can listen there.
    pub fn listen(address: SocketAddr) -> Self {
        let hub =
            TcpListener::bind(address).unwrap_or_else(|error| panic!("cannot listen at {address}: {error}"));
        let cdn = TcpListener::bind((beside(address.ip()), 0)).expect("a free port");
        let site = Arc::new(Site::new(url(&hub), url(&cdn)));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        for (side, listener) in [(Side::Hub, hub), (Side::Cdn, cdn)] {
            runtime.spawn(serve(side, listener, Arc::clone(&site)));
        }
        Self {
            site,
            runtime: Some(runtime),
        }
    }

    /// Its address, for `HF_ENDPOINT`: `http://HOST:PORT`.
    pub fn url(&self) -> &str {
        &self.site.url
    }

    /// The address of the CDN, which is another origin.
    pub fn cdn(&self) -> &str {
        &self.site.cdn
    }

    /// Publishes a repository, or puts another in its place.
    pub fn publish(&self, repository: Repository) {
        let mut state = self.site.lock();
        state.tokens.extend(repository.access.tokens().map(str::to_owned));
        state.repositories.insert(repository.name.clone(), repository);
    }

    /// Publishes a folder as a repository that is open to all. What it was before stays as an earlier commit.
    ///
    /// Files of more than 8 MiB are read when they are asked for and must stay what they are.
    /// Gives the commit that `main` is now.
    pub fn push(&self, name: &str, folder: &Path) -> String {
        let mut state = self.site.lock();
        let fresh = || Repository::empty(name);
        let repository = state.repositories.entry(name.to_owned()).or_insert_with(fresh);
        repository.push("main", folder)
    }

    /// The models that an example's own script makes, as the repositories that its spec names.
    pub fn of_example(engine: &Engine, example: &Project) -> Option<Self> {
        let script = ["model/make.py", "models/make.py"].map(|path| example.file(path));
        let script = script.iter().find(|path| path.is_file())?;
        let folder = example.file("build/hub");
        let mut make = Command::new("python3");
        Output::of(make.arg(script).arg("--hub").arg(&folder)).ok();
        let hub = Self::for_engine(engine);
        hub.push_all(&folder).expect("the models");
        Some(hub)
    }

    /// Publishes every `FOLDER/ORGANISATION/NAME` as a repository that is open to all, and gives their names.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn push_all(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for organisation in folders(folder)? {
            for name in folders(&folder.join(&organisation))? {
                let name = format!("{organisation}/{name}");
                self.push(&name, &folder.join(&name));
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Lets nobody but those who `access` says read a repository that was published.
    ///
    /// # Panics
    /// If there is none of this name.
    pub fn restrict(&self, repository: &str, access: Access) {
        let mut state = self.site.lock();
        state.tokens.extend(access.tokens().map(str::to_owned));
        let repository = state.repositories.get_mut(repository);
        repository.expect("a repository that was published").access = access;
    }

    /// The commit that a branch, a tag or a commit's own name stands for.
    ///
    /// # Panics
    /// If there is none.
    pub fn commit(&self, repository: &str, revision: &str) -> String {
        let state = self.site.lock();
        let repository = &state.repositories[repository];
        let commit = repository
            .commit(revision)
            .expect("a revision that was published");
        commit.id.clone()
    }

    /// Makes a token valid that opens nothing. Those that open something are valid anyway.
    pub fn know(&self, token: &str) {
        self.site.lock().tokens.insert(token.to_owned());
    }

    /// Lists so many entries of a tree a page; 1000 at first, as the real one.
    pub fn pages_of(&self, entries: usize) {
        self.site.lock().page = entries;
    }

    /// Plays `fault` whenever this file is asked for.
    pub fn fail(&self, repository: &str, path: &str, fault: Fault) {
        self.site.lock().faults.plan(repository, path, fault, None);
    }

    /// Plays `fault` the first `times` that this file is asked for.
    pub fn fail_times(&self, times: u32, repository: &str, path: &str, fault: Fault) {
        self.site.lock().faults.plan(repository, path, fault, Some(times));
    }

    /// Forgets all faults.
    pub fn heal(&self) {
        self.site.lock().faults = fault::Faults::default();
    }

    /// Answers the next `times` requests to the hub, whatever they are for, with 429 and a window of `seconds`.
    pub fn limit(&self, times: u32, seconds: u32) {
        self.site.lock().limit = (times, seconds);
    }

    /// Bytes of files that both servers sent so far to programs of this machine, such as engines. Containers are not among
    /// them: what those receive comes over their engine's bridge.
    pub fn sent_to_machine(&self) -> u64 {
        self.site.lock().sent.load(Ordering::Relaxed)
    }

    /// What has been asked so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.site.lock().requests.clone()
    }

    /// What has been asked so far, and forgets it.
    pub fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.site.lock().requests)
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Somebody may still wait for bytes that never come.
            runtime.shutdown_background();
        }
    }
}

/// Where the CDN listens. Some clients go by the name of the host alone, not its port, when they ask themselves whom they
/// may show a token (Go's do); so that loopback has another.
fn beside(hub: IpAddr) -> IpAddr {
    match hub {
        IpAddr::V4(Ipv4Addr::LOCALHOST) => IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)),
        other => other,
    }
}

fn url(listener: &TcpListener) -> String {
    format!("http://{}", listener.local_addr().expect("an address"))
}

async fn serve(side: Side, listener: TcpListener, site: Arc<Site>) {
    listener.set_nonblocking(true).expect("a socket");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
    let own = listener.local_addr().expect("an address").ip();
    let listener = listener.tap_io(|stream| {
        // Headers and the first bytes leave at once; where that cannot be had they leave a little later.
        let _ = stream.set_nodelay(true);
    });
    // A machine that calls itself has the same address on both ends.
    let answer = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: axum::extract::Request| {
        let answer = site.answer(side, &request, peer.ip() == own);
        async move { answer }
    };
    let service = Router::new()
        .fallback(answer)
        .into_make_service_with_connect_info::<SocketAddr>();
    let _ = axum::serve(listener, service).await;
}

/// The names of the folders in a folder.
fn folders(folder: &Path) -> io::Result<Vec<String>> {
    let entries = folder.read_dir()?.collect::<Result<Vec<_>, _>>()?;
    let folders = entries.iter().filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}
