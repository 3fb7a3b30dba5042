//! modelcrate from a user's side: specs built on a real Docker Engine, and what comes out.
//!
//! One program, so that it is linked once. `./dev test` runs one file after the other: `cargo test --workspace --test e2e
//! rust:: -- --include-ignored` runs those of one.

mod apt;
mod around;
mod attestations;
mod budget;
mod caching;
mod calls;
mod classic;
mod cmake;
mod cmake_cuda;
mod command;
mod cuda;
mod deliver;
mod dockerfile;
mod documents;
mod engine;
mod errors;
mod examples;
mod fetcher;
mod hub;
mod hub_models;
mod llb;
mod model_cache;
mod model_sources;
mod models;
mod nemotron;
mod nsn_director;
mod old;
mod older_engines;
mod options;
mod platforms;
mod preflight;
mod preflight_gpu;
mod python_index;
mod python_interpreter;
mod python_layers;
mod python_project;
mod python_requirements;
mod python_sources;
mod python_support;
mod registry_cache;
mod reproducible;
mod run_ssh;
mod rust;
mod s3;
mod secrets;
mod steps;
mod verify;
mod weights;
