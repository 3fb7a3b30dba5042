//! The subcommands: a client of a running node.

use std::path::Path;

use tonic::transport::Channel;

use crate::options::{Generate, Status};
use crate::proto::director_client::DirectorClient;
use crate::proto::{GenerateRequest, Scene, StatusRequest};

/// Why a node did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody answers there.
    #[error("no node answers at {endpoint}: {error}")]
    Connect {
        /// As given.
        endpoint: String,
        /// The reason.
        error: tonic::transport::Error,
    },
    /// It refuses.
    #[error("{:?}: {}", .0.code(), .0.message())]
    Refused(#[from] tonic::Status),
    /// The scene cannot be kept.
    #[error("cannot write the scene: {0}")]
    Write(#[from] std::io::Error),
}

/// Prints what a node is doing.
///
/// # Errors
/// When the node does not answer.
pub async fn status(ask: &Status) -> Result<(), Error> {
    let status = connect(&ask.endpoint)
        .await?
        .status(StatusRequest {})
        .await?
        .into_inner();
    println!("version  {}", status.version);
    println!("node     {}", status.node_id);
    println!("uptime   {:.0} s", status.uptime_seconds);
    println!("peers    {}", status.peers);
    println!("slots    {} of {} in use", status.slots_in_use, status.slots);
    let ready = if status.sidecar_ready {
        "ready"
    } else {
        "not ready"
    };
    println!("sidecar  {ready}, {} restarts", status.sidecar_restarts);
    Ok(())
}

/// Lets a node make a scene, and writes it where that is asked for.
///
/// # Errors
/// When the node does not answer or refuses, or the files cannot be written.
pub async fn generate(ask: &Generate) -> Result<(), Error> {
    let request = GenerateRequest {
        prompt: ask.prompt.clone(),
        seed: ask.seed,
        frames: ask.frames,
        voice: ask.voice.clone(),
    };
    let scene = connect(&ask.endpoint)
        .await?
        .generate(request)
        .await?
        .into_inner();
    println!(
        "frames   {}, {} bytes",
        scene.frames.len(),
        scene.frames.iter().map(Vec::len).sum::<usize>()
    );
    println!("speech   {} bytes", scene.speech.len());
    println!(
        "scores   {:.4} (B/32), {:.4} (L/14)",
        scene.score_b32, scene.score_l14
    );
    if let Some(folder) = &ask.output {
        write(&scene, folder)?;
    }
    Ok(())
}

async fn connect(endpoint: &str) -> Result<DirectorClient<Channel>, Error> {
    let client = DirectorClient::connect(endpoint.to_owned()).await;
    client.map_err(|error| Error::Connect {
        endpoint: endpoint.to_owned(),
        error,
    })
}

fn write(scene: &Scene, folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (number, frame) in scene.frames.iter().enumerate() {
        std::fs::write(folder.join(format!("frame-{number:03}.png")), frame)?;
    }
    std::fs::write(folder.join("speech.wav"), &scene.speech)
}
