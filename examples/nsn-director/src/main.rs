//! The program: runs the node, or asks a running one.

use std::process::ExitCode;

use clap::Parser;
use nsn_director::client;
use nsn_director::node::Node;
use nsn_director::options::{Cli, Command};
use nsn_director::stop;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => serve(cli.node).await,
        Some(Command::Status(ask)) => client::status(&ask).await.map_err(Into::into),
        Some(Command::Generate(ask)) => client::generate(&ask).await.map_err(Into::into),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: nsn_director::options::Node) -> Result<(), Box<dyn std::error::Error>> {
    write_logs()?;
    let signal = stop::signal()?;
    let node = Node::bind(options).await?;
    node.run(signal).await?;
    Ok(())
}

/// RUST_LOG says how much: a level, or `TARGET=LEVEL` with commas between.
fn write_logs() -> Result<(), Box<dyn std::error::Error>> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(text) => text
            .parse::<Targets>()
            .map_err(|error| format!("RUST_LOG: {error}"))?,
        Err(_) => Targets::new().with_default(LevelFilter::INFO),
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false);
    tracing_subscriber::registry().with(lines).with(filter).init();
    Ok(())
}
