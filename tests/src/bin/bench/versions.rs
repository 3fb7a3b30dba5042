//! When something was measured, and with what.

use std::process::Command;

use modelcrate_tests::{Engine, Output, repository};

/// `2026-11-21, modelcrate 0.1.0 (bf40f35), Docker Engine 28.5.2, BuildKit v0.25.1`.
pub fn versions(engine: &Engine) -> String {
    let server = engine.ask(&["version", "--format", "{{.Server.Version}}"]);
    let builder = engine.ask(&["buildx", "inspect"]);
    let buildkit = builder
        .lines()
        .find_map(|line| line.strip_prefix("BuildKit version:"))
        .unwrap_or("of that engine");
    format!(
        "{}, Docker Engine {server}, BuildKit {}",
        commit(),
        buildkit.trim()
    )
}

/// `2026-11-21, modelcrate 0.1.0 (bf40f35)`; `(bf40f35 with changes)` where files differ from the commit.
pub fn commit() -> String {
    let date = said(Command::new("date").args(["--utc", "+%F"]));
    let commit = git(&["rev-parse", "--short", "HEAD"]);
    // What is written here is no part of what is measured.
    let changes = git(&["status", "--porcelain", "--", ".", ":!docs"]);
    let changes = if changes.is_empty() { "" } else { " with changes" };
    format!(
        "{date}, modelcrate {} ({commit}{changes})",
        env!("CARGO_PKG_VERSION")
    )
}

fn git(words: &[&str]) -> String {
    said(Command::new("git").args(words).current_dir(repository()))
}

fn said(command: &mut Command) -> String {
    Output::of(command).ok().stdout.trim().to_owned()
}
