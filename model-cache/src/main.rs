//! `model-cache`: an init container that brings a model of a hub into an S3-compatible bucket once, and from there into volumes.
//!
//! Everything that it does is said by its [`environment`]. [`load`] is the way from the hub to the bucket, [`pull`] the way from
//! there to a volume; [`presence`] says whether there is anything to do. [`marker`] is what makes a model complete.

mod bucket;
mod command;
mod environment;
mod exit;
mod failure;
mod folder;
mod lease;
mod load;
mod marker;
mod name;
mod presence;
mod process;
mod progress;
mod pull;
mod transfer;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use modelcrate_fetcher::client::{Client, Mask, Settings};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use command::{Arguments, Command};
use environment::{Environment, Problem};
use exit::{End, Exit, Signal};
use failure::Failure;
use folder::Folder;
use load::Load;

/// Threads that serve connections; hashing has threads of its own. More of them only take memory.
const THREADS: usize = 4;

fn main() -> ExitCode {
    // clap ends the process itself: 0 after `--help` and `--version`, 2 after wrong usage.
    let arguments = Arguments::parse();
    let variables: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .collect();
    let end = run(&arguments, &variables);
    // The last line is for machines.
    println!("model-cache: result={end} exit={}", end.code());
    end.into()
}

fn run(arguments: &Arguments, variables: &BTreeMap<String, String>) -> End {
    let environment = match Environment::read(variables) {
        Ok(environment) => environment,
        Err(problems) => return unusable(&problems),
    };
    let mask = mask(&environment);
    match done(arguments, &environment, variables, &mask) {
        Ok(end) => end,
        Err(failure) => {
            eprintln!("error: {}", mask.text(&failure.what));
            eprintln!("  hint: {}", mask.text(&failure.hint));
            if failure.exit.is_permanent() {
                eprintln!("note: starting again changes nothing: this must be mended first");
            }
            End::Own(failure.exit)
        }
    }
}

fn done(
    arguments: &Arguments,
    environment: &Environment,
    variables: &BTreeMap<String, String>,
    mask: &Mask,
) -> Result<End, Failure> {
    let certificates = variables.get("SSL_CERT_FILE").filter(|path| !path.is_empty());
    let settings = Settings {
        idle: environment.idle,
        connect: environment.idle.min(Settings::default().connect),
        certificates: certificates.map(PathBuf::from),
        ..Settings::default()
    };
    let client = Client::new(settings, mask.clone())?;
    eprintln!("{environment}");
    match &arguments.command {
        Some(Command::Check) => check(environment),
        Some(Command::Pull { folder }) => {
            within_runtime(async { signalled(pull::pull(environment, &client, folder)).await })
        }
        None => {
            check(environment)?;
            let load = Load::new(environment, &client)?;
            within_runtime(async {
                let end = signalled(load.run()).await;
                load.clean().await;
                end
            })
        }
    }
}

/// Whether files can be made where they are made on their way.
fn check(environment: &Environment) -> Result<End, Failure> {
    let Some(parent) = &environment.download_dir else {
        return Ok(End::Own(Exit::Done));
    };
    Folder::new(parent)
        .map(|_| End::Own(Exit::Done))
        .map_err(|error| {
            Failure::new(
                Exit::Storage,
                format!(
                    "`DOWNLOAD_DIR` is `{}`, where no file can be made: {error}",
                    parent.display()
                ),
                "mount a volume there that uid 1000 may write to, or leave it empty to stream without a disk",
            )
        })
}

fn within_runtime(work: impl Future<Output = Result<End, Failure>>) -> Result<End, Failure> {
    let runtime = runtime().map_err(|error| Failure::disk("no threads can be started", &error))?;
    let end = runtime.block_on(work);
    // A thread that reads or hashes for nobody need not be waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    end
}

fn runtime() -> std::io::Result<Runtime> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(THREADS);
    Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
}

/// The end of some work, or of the wait for it when a signal comes.
async fn signalled(work: impl Future<Output = Result<(), Failure>>) -> Result<End, Failure> {
    let handlers = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let (Ok(mut interrupt), Ok(mut terminate)) = handlers else {
        return work.await.map(|()| End::Own(Exit::Done));
    };
    tokio::select! {
        done = work => done.map(|()| End::Own(Exit::Done)),
        _ = interrupt.recv() => Ok(End::Signal(Signal::Interrupt)),
        _ = terminate.recv() => Ok(End::Signal(Signal::Terminate)),
    }
}

fn unusable(problems: &[Problem]) -> End {
    for problem in problems {
        eprintln!("error: {}\n  hint: {}", problem.what, problem.hint);
    }
    eprintln!("note: starting again changes nothing: the container's environment must be changed first");
    End::Own(Exit::Usage)
}

/// Hides the secrets of the environment in whatever is said, even by a bug.
fn mask(environment: &Environment) -> Mask {
    let mask = Mask::default();
    let (id, secret) = &environment.keys;
    let secrets = [
        Some(id),
        Some(secret),
        environment.session.as_ref(),
        environment.token.as_ref(),
    ];
    for secret in secrets.into_iter().flatten() {
        mask.hide(secret.reveal());
    }
    let for_panics = mask.clone();
    std::panic::set_hook(Box::new(move |panic| {
        eprintln!(
            "error: this is a bug in model-cache: {}",
            for_panics.text(&panic.to_string())
        );
    }));
    mask
}
