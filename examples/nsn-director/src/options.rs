//! The command line, and the variables that stand in for its flags.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use http::Uri;

/// Runs a director node; with a subcommand, asks a running one.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    args_conflicts_with_subcommands = true,
    args_override_self = true
)]
pub struct Cli {
    #[command(subcommand)]
    #[allow(missing_docs)]
    pub command: Option<Command>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub node: Node,
}

/// What to ask a running node.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print what a node is doing
    Status(Status),
    /// Let a node make a scene
    Generate(Generate),
}

/// The node's own settings.
#[derive(Debug, Clone, Args)]
pub struct Node {
    /// Address that all listeners bind to
    #[arg(long, env = "LISTEN_ADDRESS", default_value = "0.0.0.0")]
    pub listen: IpAddr,
    /// Port for other nodes
    #[arg(long, env = "P2P_PORT", default_value_t = 9000)]
    pub p2p_port: u16,
    /// Port of /health and /metrics
    #[arg(long, env = "METRICS_PORT", default_value_t = 9100)]
    pub metrics_port: u16,
    /// Port of the gRPC services
    #[arg(long, env = "GRPC_PORT", default_value_t = 50051)]
    pub grpc_port: u16,
    /// Folder with a folder for each model
    #[arg(long, env = "MODELS_PATH", default_value = "/models")]
    pub models_path: PathBuf,
    /// The chain's endpoint, ws:// or wss://; the node is not healthy without one
    #[arg(long, env = "SUBSTRATE_WS_URL", default_value = "", hide_default_value = true)]
    pub substrate_ws_url: Substrate,
    /// PEM file with the node's Ed25519 key; a new key at every start without one
    #[arg(long, env = "NODE_KEY")]
    pub node_key: Option<PathBuf>,
    /// Scenes that are made or wait at the same time; more are refused
    #[arg(long, env = "SLOTS", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub slots: u32,
    /// Command that starts the sidecar
    #[arg(long, env = "SIDECAR", default_value = "python -m vortex")]
    pub sidecar: String,
    /// Seconds that requests may take to finish once the node is told to stop
    #[arg(long, env = "SHUTDOWN_SECONDS", default_value_t = 20)]
    pub shutdown_seconds: u64,
}

impl Node {
    /// How long requests may take to finish once the node is told to stop.
    pub fn grace(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }
}

/// The endpoint of the chain, if there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Substrate(pub Option<Uri>);

impl FromStr for Substrate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let uri: Uri = text.parse().map_err(|error| format!("not a URL: {error}"))?;
        match (uri.scheme_str(), uri.host()) {
            (Some("ws" | "wss"), Some(_)) => Ok(Self(Some(uri))),
            _ => Err("expected ws://HOST or wss://HOST".to_owned()),
        }
    }
}

/// `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// The node's gRPC endpoint
    #[arg(long, default_value = "http://127.0.0.1:50051")]
    pub endpoint: String,
}

/// `generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// What the scene shows
    pub prompt: String,
    /// The same prompt and seed give the same scene
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Number of images
    #[arg(long, default_value_t = 1)]
    pub frames: u32,
    /// A voice of the speech model
    #[arg(long, default_value = "")]
    pub voice: String,
    /// Folder to write the images and the speech to
    #[arg(long)]
    pub output: Option<PathBuf>,
    /// The node's gRPC endpoint
    #[arg(long, default_value = "http://127.0.0.1:50051")]
    pub endpoint: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_of_the_image_are_read() {
        let cli = Cli::try_parse_from([
            "node",
            "--p2p-port",
            "1",
            "--metrics-port",
            "2",
            "--grpc-port",
            "3",
        ])
        .unwrap();
        assert_eq!(
            (cli.node.p2p_port, cli.node.metrics_port, cli.node.grpc_port),
            (1, 2, 3)
        );
        assert!(cli.command.is_none());
    }

    #[test]
    fn a_subcommand_takes_no_flags_of_the_node() {
        assert!(Cli::try_parse_from(["node", "--p2p-port", "1", "status"]).is_err());
        let cli = Cli::try_parse_from(["node", "generate", "a fox", "--frames", "3"]).unwrap();
        assert!(
            matches!(cli.command, Some(Command::Generate(ask)) if ask.frames == 3 && ask.prompt == "a fox")
        );
    }

    #[test]
    fn the_endpoint_of_the_chain_is_a_web_socket_or_nothing() {
        assert_eq!("".parse(), Ok(Substrate(None)));
        assert!("ws://localhost:9944".parse::<Substrate>().unwrap().0.is_some());
        assert!("wss://rpc.example.org".parse::<Substrate>().is_ok());
        for wrong in [
            "localhost:9944",
            "http://localhost:9944",
            "ws://",
            "ws:/x",
            "not a url",
        ] {
            assert!(wrong.parse::<Substrate>().is_err(), "{wrong}");
        }
    }
}
