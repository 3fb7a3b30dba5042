//! `fetcher`: brings models, in the steps of a build and when a container starts.
//!
//! It is one static program that needs nothing of the image it runs in: no shell, no certificates, no `/tmp`. Standard error has one
//! line for each mistake and a `hint:`; the exit code is its class, see [`modelcrate_fetcher::exit`].

mod arguments;
mod artifact;
mod complete;
mod file;
mod models;
mod report;
mod resolve;
mod surroundings;

use std::process::ExitCode;

use clap::Parser;
use modelcrate_fetcher::client::{Client, Error, Mask, Settings};
use modelcrate_fetcher::exit::Exit;

use arguments::{Arguments, Verb};
use surroundings::Surroundings;

fn main() -> ExitCode {
    // clap ends the process itself: 0 after `--help` and `--version`, 2 after wrong usage.
    let arguments = Arguments::parse();
    let mask = Mask::default();
    report::hide_in_panics(&mask);
    match run(&arguments, &mask) {
        Ok(()) => Exit::Done.into(),
        Err(error) => {
            report::error(&mask, &error);
            error.exit().into()
        }
    }
}

fn run(arguments: &Arguments, mask: &Mask) -> Result<(), Error> {
    let surroundings = Surroundings::read();
    let settings = Settings {
        certificates: surroundings.certificates(),
        idle: arguments.idle(),
        ..Settings::default()
    };
    let client = Client::new(settings, mask.clone())?;
    // Lanes wait for the network; the digest has a thread of its own.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Error::Storage {
            place: "this machine".into(),
            problem: format!("no thread can be had: {error}"),
        })?;
    runtime.block_on(async {
        match &arguments.verb {
            Verb::File(arguments) => file::run(&client, arguments).await,
            Verb::Resolve(arguments) => resolve::run(&client, arguments).await,
            Verb::Models(arguments) => models::run(&client, arguments, &surroundings).await,
        }
    })
}
