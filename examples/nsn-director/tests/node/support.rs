//! A node for a test, on ports that are free, with the sidecar of `sidecar.py`.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use clap::Parser;
use nsn_director::models::CATALOG;
use nsn_director::node::{Error, Node};
use nsn_director::options::Cli;
use nsn_director::proto::director_client::DirectorClient;
use nsn_director::proto::GenerateRequest;
use nsn_director::state::Addresses;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};

pub struct Running {
    pub addresses: Addresses,
    pub folder: TempDir,
    pub stop: oneshot::Sender<()>,
    pub node: JoinHandle<Result<(), Error>>,
}

impl Running {
    /// A node that has all models, and these flags.
    pub async fn new(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_models(folder.path());
        Self::with_models(folder, flags).await
    }

    pub async fn with_models(folder: TempDir, flags: &[&str]) -> Self {
        let options = Cli::parse_from(
            flags_of(folder.path())
                .iter()
                .map(String::as_str)
                .chain(flags.iter().copied()),
        )
        .node;
        let node = Node::bind(options).await.unwrap();
        let addresses = node.addresses();
        let (stop, stopped) = oneshot::channel();
        let node = tokio::spawn(node.run(async { stopped.await.unwrap() }));
        Self {
            addresses,
            folder,
            stop,
            node,
        }
    }

    /// Status and body of an answer.
    pub async fn get(&self, path: &str) -> (u16, String) {
        get(self.addresses.metrics, path).await
    }

    /// Waits until `/health` says so.
    pub async fn ready(&self) {
        while !self.get("/health").await.1.contains(r#""voices":["nobody"]"#) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The value of a metric.
    pub async fn metric(&self, name: &str) -> f64 {
        let text = self.get("/metrics").await.1;
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {text}"))
            .parse()
            .unwrap()
    }

    pub async fn client(&self) -> DirectorClient<Channel> {
        DirectorClient::new(self.channel().await)
    }

    pub async fn channel(&self) -> Channel {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.addresses.grpc)).unwrap();
        endpoint.connect().await.unwrap()
    }

    /// Tells it to stop.
    pub fn stop(self) -> JoinHandle<Result<(), Error>> {
        self.stop.send(()).unwrap();
        self.node
    }
}

/// The command line of a node on free ports.
pub fn flags_of(models: &Path) -> Vec<String> {
    let script = concat!("python3 ", env!("CARGO_MANIFEST_DIR"), "/tests/node/sidecar.py");
    let flags = [
        ("--listen", "127.0.0.1"),
        ("--p2p-port", "0"),
        ("--metrics-port", "0"),
        ("--grpc-port", "0"),
        ("--substrate-ws-url", "ws://localhost:9944"),
        ("--sidecar", script),
        ("--models-path", models.to_str().unwrap()),
    ];
    std::iter::once("nsn-director")
        .chain(flags.into_iter().flat_map(|(flag, value)| [flag, value]))
        .map(str::to_owned)
        .collect()
}

pub fn write_models(folder: &Path) {
    for (model, files) in CATALOG {
        std::fs::create_dir(folder.join(model)).unwrap();
        for file in files {
            std::fs::write(folder.join(model).join(file), [0; 100]).unwrap();
        }
    }
}

pub fn request(prompt: &str) -> GenerateRequest {
    GenerateRequest {
        prompt: prompt.to_owned(),
        frames: 1,
        ..Default::default()
    }
}

pub async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}
