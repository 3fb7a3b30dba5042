//! The one binary: a BuildKit frontend.

fn main() {}
