//! The first process of a container, `init: true`.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use rustix::process::{Pid, Signal};

use crate::start;
use crate::supervise::supervise;

/// Runs the program to its end and gives its exit code.
pub fn run(words: &[OsString]) -> ExitCode {
    let mut command = match start::command(words) {
        Ok(command) => command,
        Err(code) => return code,
    };
    match supervise(command.process_group(0), to_foreground) {
        Ok(code) => ExitCode::from(code),
        Err(cause) => start::failed(words, &cause),
    }
}

/// At a terminal the program gets Ctrl-C by itself, once, in a process group of its own. It may have been stopped for
/// touching the terminal before it was in the foreground.
fn to_foreground(program: Pid) {
    let terminal = std::io::stdin();
    if terminal.is_terminal() && rustix::termios::tcsetpgrp(&terminal, program).is_ok() {
        let _ = rustix::process::kill_process(program, Signal::CONT);
    }
}
