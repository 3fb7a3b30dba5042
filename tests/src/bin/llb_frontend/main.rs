//! A frontend for the tests alone: builds the graph that `--build-arg GRAPH=NAME` asks for with `buildkit-llb`, and
//! solves it through modelcrate's own gateway client.
//!
//! A graph is a list of outputs that must all be made; most of them are commands that look at what the op under test
//! left behind and fail if it is anything else. What comes back is the first output, and in `frontend.vertices` the
//! digest of every vertex, as this side computed it.

mod bench;
mod exec;
mod files;
mod layers;
mod metadata;
mod mounts;
mod reads;
mod sources;

use std::collections::BTreeMap;

use buildkit_llb::Output;
use futures_util::future::try_join_all;
use modelcrate::gateway::{BuildResult, Connection, PlatformResult, Ref, Status, located_error};

use bench::Bench;

/// What a graph is: outputs that must all be made, or why it cannot be written down.
type Graph = Result<Vec<Output>, String>;

fn main() {
    let variables: Vec<(String, String)> = std::env::vars().collect();
    let code = modelcrate::gateway::serve(async move |connection| answer(connection, variables).await);
    std::process::exit(code)
}

async fn answer(connection: &Connection, variables: Vec<(String, String)>) -> Result<BuildResult, Status> {
    let bench = Bench::open(connection, variables).await?;
    let outputs = graph(&bench).await.map_err(|why| located_error(why, &[]))?;
    let refs = try_join_all(outputs.iter().map(|output| bench.solve(output, true))).await?;
    Ok(result(&bench, refs.into_iter().next().unwrap_or_default()))
}

/// The graph of this name, in whatever file knows it.
async fn graph(bench: &Bench) -> Graph {
    let name = bench.arg("GRAPH");
    let known = [
        sources::graph(bench, name),
        exec::graph(bench, name),
        mounts::graph(bench, name),
        files::graph(bench, name),
        layers::graph(bench, name),
        metadata::graph(bench, name),
    ];
    match known.into_iter().flatten().next() {
        Some(graph) => graph,
        None => reads::graph(bench, name).await,
    }
}

fn result(bench: &Bench, filesystem: Ref) -> BuildResult {
    let platform = bench.gateway.build_platform().clone();
    let config = serde_json::json!({ "os": platform.os, "architecture": platform.architecture });
    let vertices = serde_json::json!(*bench.vertices.borrow()).to_string();
    BuildResult {
        platforms: vec![PlatformResult {
            platform,
            filesystem,
            config: config.to_string().into_bytes(),
            ..PlatformResult::default()
        }],
        metadata: BTreeMap::from([("frontend.vertices".to_owned(), vertices.into_bytes())]),
        ..BuildResult::default()
    }
}
