//! The first process of a container: starts the program, forwards signals, reaps what is orphaned.
//!
//! A program that is PID 1 itself has no default actions for signals (`kill_namespaces`, pid_namespaces(7)) and inherits the
//! children that others leave behind; few programs expect either.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus};
use signal_hook::consts::signal::*;
use signal_hook::iterator::Signals;

use crate::start;

/// What is passed on. The others cannot be caught, speak of a fault of this very process, or are a terminal's word to
/// processes in the background.
const FORWARDED: [i32; 17] = [
    SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM, SIGALRM, SIGCONT, SIGWINCH, SIGURG, SIGIO, SIGPROF,
    SIGVTALRM, SIGXCPU, SIGXFSZ, SIGTSTP, SIGPWR,
];

/// Asks a system to go down (signal(7)); signal-hook has no name for it.
const SIGPWR: i32 = 30;

/// Runs the program to its end and gives its exit code, 128 and the signal's number when a signal ended it.
pub fn run(words: &[OsString]) -> ExitCode {
    // Caught before the program is there: what arrives meanwhile is delivered afterwards.
    let mut signals = match Signals::new(FORWARDED.iter().chain(&[SIGCHLD])) {
        Ok(signals) => signals,
        Err(cause) => return start::failed(words, &cause),
    };
    adopt();
    let mut command = match start::command(words) {
        Ok(command) => command,
        Err(code) => return code,
    };
    let child = match command.process_group(0).spawn() {
        Ok(child) => child,
        Err(cause) => return start::failed(words, &cause),
    };
    let program = Pid::from_child(&child);
    to_foreground(program);
    for signal in signals.forever() {
        if signal != SIGCHLD {
            forward(signal, program);
        } else if let Some(code) = reap(program) {
            return code;
        }
    }
    ExitCode::FAILURE
}

/// Orphans come to the first process of a container by themselves, to another one only when it asks for them.
fn adopt() {
    if !rustix::process::getpid().is_init() {
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
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

fn forward(signal: i32, program: Pid) {
    if let Some(signal) = Signal::from_named_raw(signal) {
        // It may just have ended.
        let _ = rustix::process::kill_process(program, signal);
    }
}

/// Takes in every child that has ended. The program's exit code, when it is among them.
fn reap(program: Pid) -> Option<ExitCode> {
    let mut code = None;
    while let Ok(Some((child, status))) = rustix::process::wait(WaitOptions::NOHANG) {
        if child == program {
            code = Some(exit_code(status));
        }
    }
    code
}

fn exit_code(status: WaitStatus) -> ExitCode {
    let code = match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => code,
        (None, Some(signal)) => 128 + signal,
        (None, None) => 1,
    };
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
