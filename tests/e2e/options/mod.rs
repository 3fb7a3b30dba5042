//! The options of the client, through a real `docker buildx build`.
//!
//! Most specs here look by themselves: a command that fails if an option did not arrive.

mod cache;
mod contexts;
mod ignore;
mod image;
mod remote;
mod steps;
