//! `model-cache` between a hub and a real S3 server: what is in the bucket afterwards, what is said, and what is asked.
//!
//! Every run's output is searched for secrets (`model_cache/bed.rs`).

#[path = "model_cache/bed.rs"]
mod bed;
#[path = "model_cache/bounds.rs"]
mod bounds;
#[path = "model_cache/counter.rs"]
mod counter;
#[path = "model_cache/failures.rs"]
mod failures;
#[path = "model_cache/load.rs"]
mod load;
#[path = "model_cache/pull.rs"]
mod pull;
#[path = "model_cache/together.rs"]
mod together;
