//! The program that modelcrate puts into images.
//!
//! `launcher health URL|tcp:PORT` answers a HEALTHCHECK: exit code 0 when the service is well, 1 when it is not (the
//! two codes that Docker knows). It needs nothing of the image: no curl, no shell, no C library.

mod health;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["health", target] => report(health::check(target)),
        _ => report(Err(
            "usage: launcher health http://HOST:PORT/PATH | tcp:PORT".into()
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
