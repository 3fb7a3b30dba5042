//! `checker --in FOLDER --file [BYTES]:PATH …`: looks at files that an engine downloaded itself, in a step of a build.
//!
//! Standard error has a line for what is wrong and a `hint:`; the exit code is its class, see [`Failure::code`].

mod arguments;
mod failure;
mod look;

use std::io::Write as _;
use std::process::ExitCode;

use arguments::Arguments;
use failure::Failure;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // There is nobody else to tell.
            let _ = writeln!(std::io::stderr(), "error: {failure}\n  hint: {}", failure.hint());
            failure.code().into()
        }
    }
}

fn run() -> Result<(), Failure> {
    let arguments = Arguments::parse(std::env::args_os().skip(1))?;
    look::look(&arguments)
}
