//! The crate from outside: what graphs become, and the laws that hold for all of them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests may fail a test, outside `#[test]` too"
)]

mod capabilities;
mod depth;
mod dumps;
mod errors;
mod go_digests;
mod go_order;
mod graphs;
mod import;
mod laws;
mod metadata;
mod random;
mod schema;
mod wire;
