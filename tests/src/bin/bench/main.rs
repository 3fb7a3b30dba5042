//! `./dev bench systems`: modelcrate beside a fair hand-written Dockerfile of the same system, in bytes and in seconds.
//!
//! Each side builds the same [`System`] on engines of its own, first from nothing, then after one change at a time
//! ([`Scenario`]): on an engine that keeps its cache, and on an empty engine with a cache in a registry. What both
//! sides move is counted in front of the registry and at the engine's bridge ([`meter`]). The image of the Dockerfile
//! must do the same job, or the comparison means nothing. Where modelcrate moves more than the Dockerfile, the run fails.

mod base;
mod comparison;
mod lines;
mod measurement;
mod meter;
mod registry;
mod report;
mod scenario;
mod side;
mod system;
mod table;
mod workplace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use comparison::Comparison;
use scenario::Scenario;
use system::System;
use workplace::Workplace;

/// Compares modelcrate with hand-written Dockerfiles.
#[derive(Debug, Parser)]
struct Options {
    /// The systems; all of them when none is named
    systems: Vec<String>,
    /// The changes that are measured; all of them when none is named
    #[arg(long = "scenario")]
    scenarios: Vec<Scenario>,
    /// The file whose sections of these systems are written anew
    #[arg(long, default_value = "docs/bench.md")]
    output: PathBuf,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let systems = match chosen(&options.systems) {
        Ok(systems) => systems,
        Err(name) => {
            eprintln!("error: no system `{name}`\n  hint: there are {}", system::names());
            return ExitCode::from(2);
        }
    };
    let place = Workplace::open();
    let mut worse = Vec::new();
    for system in systems {
        let comparison = Comparison::of(&place, system, &options.scenarios);
        let section = table::section(&comparison);
        println!("{section}");
        report::write(&options.output, system.name, &section);
        worse.extend(comparison.worse());
    }
    for line in &worse {
        eprintln!("error: {line}");
    }
    ExitCode::from(u8::from(!worse.is_empty()))
}

fn chosen(names: &[String]) -> Result<Vec<&'static System>, &String> {
    if names.is_empty() {
        return Ok(system::SYSTEMS.iter().collect());
    }
    let find = |name: &String| system::SYSTEMS.iter().find(|system| system.name == name);
    names.iter().map(|name| find(name).ok_or(name)).collect()
}
