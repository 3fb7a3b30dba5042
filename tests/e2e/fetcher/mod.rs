//! The fetcher against the model hub and all that goes wrong with it: each time the file is right, or the exit code says why it is not.

mod faults;
mod models;
mod registries;
mod resume;
mod scene;
mod sources;
mod tokens;
mod version;
mod words;
