//! `model-cache` between a hub and a real S3 server: what is in the bucket afterwards, what is said, and what is asked.
//!
//! Every run's output is searched for secrets (`bed.rs`).

mod bed;
mod bounds;
mod counter;
mod failures;
mod load;
mod pull;
mod together;
