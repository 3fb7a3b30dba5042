//! The example `nsn-director`: its own tests in Rust. They are compiled for minutes, so that `./dev nightly` alone runs them.

use modelcrate_tests::{Engine, Output, Project};

/// The system that the tests need besides Rust, and the sidecar's Python.
const DOCKERFILE: &str = "FROM rust:1.75-slim-bookworm
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \\
    libssl-dev pkg-config procps protobuf-compiler python3
WORKDIR /example
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry,id=modelcrate-test-director \\
    cargo test --locked --profile trial
";

#[test]
#[ignore = "compiles for minutes: ./dev nightly"]
fn nightly_the_directors_own_tests_pass() {
    let engine = Engine::main();
    let recipe = Project::with(&[("Dockerfile", DOCKERFILE)]);
    let mut build = engine.docker(&["buildx", "build", "--output", "type=cacheonly", "--file"]);
    let example = Project::example("nsn-director");
    Output::of(build.arg(recipe.file("Dockerfile")).arg(example.path())).ok();
}
