//! `./dev bench systems`: modelcrate beside a fair hand-written Dockerfile of the same system, in bytes and in seconds.
//!
//! Each side builds the same [`System`] on engines of its own, first from nothing, then after one change at a time
//! ([`Scenario`]): on an engine that keeps its cache, and on an empty engine with a cache in a registry. What both
//! sides move is counted in front of the registry and at the engine's bridge ([`meter`]). The image of the Dockerfile
//! must do the same job, or the comparison means nothing. Where modelcrate moves more than the Dockerfile, the run fails.
//!
//! `./dev bench transfer` compares programs that move models: see [`transfer`].

mod base;
mod comparison;
mod lines;
mod measurement;
mod meter;
mod models;
mod others;
mod registry;
mod report;
mod scenario;
mod side;
mod system;
mod table;
mod transfer;
mod versions;
mod workplace;

use std::panic::AssertUnwindSafe;
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
    /// Compares programs that move models instead; ours lie in this folder
    #[arg(long, value_name = "PROGRAMS", conflicts_with_all = ["systems", "scenarios"])]
    transfer: Option<PathBuf>,
    /// The file whose sections of these systems are written anew
    #[arg(long, default_value = "docs/bench.md")]
    output: PathBuf,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let wrong = match &options.transfer {
        Some(programs) => transfer::measure(programs, &options.output),
        None => match chosen(&options.systems) {
            Ok(systems) => compare(&systems, &options),
            Err(name) => {
                eprintln!("error: no system `{name}`\n  hint: there are {}", system::names());
                return ExitCode::from(2);
            }
        },
    };
    for line in &wrong {
        eprintln!("error: {line}");
    }
    ExitCode::from(u8::from(!wrong.is_empty()))
}

/// What went wrong, in words.
fn compare(systems: &[&'static System], options: &Options) -> Vec<String> {
    let place = Workplace::open();
    let mut wrong = Vec::new();
    for system in systems {
        let Some(comparison) = measured(&place, system, &options.scenarios) else {
            wrong.push(format!("{} could not be measured", system.name));
            continue;
        };
        let section = table::section(&comparison);
        println!("{section}");
        report::write(&options.output, system.name, &section);
        let worse = comparison.worse();
        wrong.extend(worse.iter().map(|words| format!("{}, {words}", system.name)));
    }
    wrong
}

/// A machine may fail a build, as when a name server is silent; half of a build would then be there already. So what failed
/// is measured once more from its beginning, and the other systems are measured whatever comes of it.
fn measured(place: &Workplace, system: &'static System, scenarios: &[Scenario]) -> Option<Comparison> {
    (0..2).find_map(|_| {
        let measure = || Comparison::of(place, system, scenarios);
        std::panic::catch_unwind(AssertUnwindSafe(measure)).ok()
    })
}

fn chosen(names: &[String]) -> Result<Vec<&'static System>, &String> {
    if names.is_empty() {
        return Ok(system::SYSTEMS.iter().collect());
    }
    let find = |name: &String| system::SYSTEMS.iter().find(|system| system.name == name);
    names.iter().map(|name| find(name).ok_or(name)).collect()
}
