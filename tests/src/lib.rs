//! Helpers of the end-to-end tests. They panic where a test cannot go on.
#![allow(clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

pub mod buildx;
pub mod git;
pub mod nonce;
pub mod ssh_agent;
pub mod website;
