//! `model-cache`: an init container that fetches a model of a hub once and keeps it in an S3-compatible bucket.
//!
//! Everything that it does is said by its environment. This version reads and checks that environment, and moves no
//! files yet; it never says that a model is there when it has not looked.

mod command;
mod environment;
mod exit;
mod name;
mod storage;

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Parser;

use command::{Arguments, Command};
use environment::Environment;
use exit::Exit;

fn main() -> ExitCode {
    // clap ends the process itself: 0 after `--help` and `--version`, 2 after wrong usage.
    let arguments = Arguments::parse();
    let variables: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .collect();
    run(&arguments, &variables).into()
}

fn run(arguments: &Arguments, variables: &BTreeMap<String, String>) -> Exit {
    let environment = match Environment::read(variables) {
        Ok(environment) => environment,
        Err(problems) => {
            for problem in &problems {
                eprintln!("error: {}\n  hint: {}", problem.what, problem.hint);
            }
            eprintln!(
                "note: starting again changes nothing: the container's environment must be changed first"
            );
            return ended(Exit::Usage);
        }
    };
    if let Some(folder) = &environment.download_dir
        && let Err(error) = storage::can_hold_files(folder)
    {
        eprintln!(
            "error: `DOWNLOAD_DIR` is `{}`, where no file can be made: {error}",
            folder.display()
        );
        eprintln!(
            "  hint: mount a volume there that uid 1000 may write to, or leave it empty to stream without a disk"
        );
        return ended(Exit::Storage);
    }
    eprintln!("{environment}");
    match arguments.command {
        Some(Command::Check) => ended(Exit::Done),
        None => {
            eprintln!(
                "error: this version of model-cache checks its environment and does not move files yet"
            );
            eprintln!("  hint: `model-cache check` ends here with exit code 0");
            ended(Exit::Unsupported)
        }
    }
}

/// The last line is for machines.
fn ended(exit: Exit) -> Exit {
    println!("model-cache: result={exit} exit={}", exit.code());
    exit
}
