//! A director: the node that turns prompts into scenes for the network.
//!
//! [`node`] binds three listeners and starts the sidecar: [`http`] answers `/health` and `/metrics`, [`grpc`] takes
//! requests, [`peers`] speaks with other nodes, and [`sidecar`] keeps the Python program alive that runs the models.
//! What they share is in [`state`].

pub mod client;
pub mod grpc;
pub mod health;
pub mod http;
pub mod identity;
pub mod metrics;
pub mod models;
pub mod node;
pub mod options;
pub mod peers;
pub mod sidecar;
pub mod state;
pub mod stop;

/// The messages and services of `proto/director.proto`.
#[allow(missing_docs)] // generated
pub mod proto {
    tonic::include_proto!("nsn.director.v1");
}
