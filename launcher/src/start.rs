//! Becoming the program, and what to say when that fails.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Exit code of a program that is not there, as shells and Docker have it.
const NOT_FOUND: u8 = 127;
/// Exit code of a program that cannot be started, as shells and Docker have it.
const NOT_STARTED: u8 = 126;

/// Replaces this process by the program: its exit code, signals and streams are its own. Comes back when that fails.
pub fn become_program(words: &[OsString]) -> ExitCode {
    match command(words) {
        Ok(mut command) => failed(words, &command.exec()),
        Err(code) => code,
    }
}

/// The command that `words` say.
///
/// # Errors
/// With the exit code, when there are none.
pub fn command(words: &[OsString]) -> Result<Command, ExitCode> {
    let [program, args @ ..] = words else {
        eprintln!(
            "launcher: the image has neither entrypoint nor cmd: write a command after the image's name"
        );
        return Err(ExitCode::from(NOT_FOUND));
    };
    let mut command = Command::new(program);
    command.args(args);
    Ok(command)
}

/// Says why the program did not start.
pub fn failed(words: &[OsString], cause: &std::io::Error) -> ExitCode {
    let program = words.first().map(Path::new).unwrap_or(Path::new(""));
    let reason = match cause.kind() {
        ErrorKind::NotFound if program.is_absolute() && program.exists() => {
            "it is there, but what runs it is not: the interpreter of its first line, or the C library of its machine".into()
        }
        ErrorKind::NotFound if program.components().count() == 1 => "it is not in PATH".into(),
        _ => cause.to_string(),
    };
    eprintln!("launcher: cannot start `{}`: {reason}", program.display());
    ExitCode::from(match cause.kind() {
        ErrorKind::NotFound => NOT_FOUND,
        _ => NOT_STARTED,
    })
}
