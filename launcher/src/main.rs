//! The program that modelcrate puts into images. It needs nothing of the image: no curl, no shell, no C library.
//!
//! `launcher run PROGRAM ARGUMENT…` is in front of the image's entrypoint: it looks at what the program will need (see
//! [`preflight`]), has its models fetched where the image lacks them ([`fetch`](mod@fetch)), and becomes the program. `launcher health URL|tcp:PORT` answers a HEALTHCHECK: exit code 0 when the service
//! is well, 1 when it is not (the two codes that Docker knows).

mod baked;
mod fetch;
mod health;
mod init;
mod preflight;
mod run;
mod start;
mod supervise;

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let word = |at: usize| args.get(at).and_then(|word| word.to_str());
    match (word(0), word(1), args.len()) {
        (Some("run"), ..) => run::run(&args[1..]),
        (Some("health"), Some(target), 2) => report(health::check(target)),
        _ => report(Err(
            "usage: launcher run PROGRAM ARGUMENT… | launcher health http://HOST:PORT/PATH | launcher health tcp:PORT".into(),
        )),
    }
}

fn report(result: Result<String, String>) -> ExitCode {
    match result {
        Ok(words) => {
            println!("{words}");
            ExitCode::SUCCESS
        }
        Err(words) => {
            eprintln!("{words}");
            ExitCode::FAILURE
        }
    }
}
