//! What a model is made of: files with sizes and digests, how a hub names them, and how they are downloaded.
//!
//! - [`file`](mod@file) is one file of a model, which everything else speaks of.
//! - [`lock`] pins models beside the spec; [`manifest`] says inside an image which models it has.
//! - [`hub`] knows the addresses and answers of a model hub; [`select`] takes files by patterns.
//! - [`artifact`] reads manifests of artifacts; [`closed`] is the no of their registries.
//! - [`listing`] is what the program says of a source that only it can list.
//! - [`pickle`] tells formats that run code from those that do not; weights are told from error pages by `modelcrate_checker`.
//! - [`exit`] says how a program ends that moves models: a code for each class of failure.
//!
//! Without features nothing here does IO. With the feature `client`:
//!
//! - `client` speaks with hubs, buckets and other servers, and knows when to ask again;
//! - `archive` takes files out of archives;
//! - `download` brings a file of which size and digest are known onto a disk, or to another sink.

#[cfg(feature = "client")]
pub mod archive;
pub mod artifact;
pub mod card;
#[cfg(feature = "client")]
pub mod client;
pub mod closed;
#[cfg(feature = "client")]
pub mod download;
pub mod exit;
pub mod file;
pub mod hub;
pub mod listing;
pub mod lock;
pub mod manifest;
pub mod pickle;
pub mod select;
