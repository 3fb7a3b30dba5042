//! Running another program as the first process of a container should: signals go to it, and what is orphaned is reaped.
//!
//! A program that is PID 1 itself has no default actions for signals (`kill_namespaces`, pid_namespaces(7)) and inherits the
//! children that others leave behind; few programs expect either.

use std::process::Command;

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus};
use signal_hook::consts::signal::*;
use signal_hook::iterator::Signals;

/// What is passed on. The others cannot be caught, speak of a fault of this very process, or are a terminal's word to
/// processes in the background.
const FORWARDED: [i32; 17] = [
    SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM, SIGALRM, SIGCONT, SIGWINCH, SIGURG, SIGIO, SIGPROF,
    SIGVTALRM, SIGXCPU, SIGXFSZ, SIGTSTP, SIGPWR,
];

/// Asks a system to go down (signal(7)); signal-hook has no name for it.
const SIGPWR: i32 = 30;

/// Runs a program to its end and gives its exit code, 128 and the signal's number when a signal ended it. `started` is told its
/// process id.
///
/// # Errors
/// When it does not start.
pub fn supervise(command: &mut Command, started: impl FnOnce(Pid)) -> std::io::Result<u8> {
    // Caught before the program is there: what arrives meanwhile is delivered afterwards.
    let mut signals = Signals::new(FORWARDED.iter().chain(&[SIGCHLD]))?;
    adopt();
    let program = Pid::from_child(&command.spawn()?);
    started(program);
    for signal in signals.forever() {
        if signal != SIGCHLD {
            forward(signal, program);
        } else if let Some(code) = reap(program) {
            return Ok(code);
        }
    }
    Ok(1)
}

/// Orphans come to the first process of a container by themselves, to another one only when it asks for them.
fn adopt() {
    if !rustix::process::getpid().is_init() {
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    }
}

fn forward(signal: i32, program: Pid) {
    if let Some(signal) = Signal::from_named_raw(signal) {
        // It may just have ended.
        let _ = rustix::process::kill_process(program, signal);
    }
}

/// Takes in every child that has ended. The program's exit code, when it is among them.
fn reap(program: Pid) -> Option<u8> {
    let mut code = None;
    while let Ok(Some((child, status))) = rustix::process::wait(WaitOptions::NOHANG) {
        if child == program {
            code = Some(exit_code(status));
        }
    }
    code
}

fn exit_code(status: WaitStatus) -> u8 {
    let code = match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => code,
        (None, Some(signal)) => 128 + signal,
        (None, None) => 1,
    };
    u8::try_from(code).unwrap_or(u8::MAX)
}
