//! Every op of `buildkit-llb` that the engine can run, solved for real through modelcrate's gateway client.
//!
//! The graphs are those of the test frontend (`src/bin/llb_frontend`): each fails by itself if an op did anything else
//! than it says. Every one that is made must also show the same digests on both sides: those that `buildkit-llb`
//! computed and those of the vertices that the engine ran.

mod exec;
mod files;
mod layers;
mod metadata;
mod mounts;
mod reads;
mod solve;
mod sources;
