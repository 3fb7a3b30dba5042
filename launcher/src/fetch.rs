//! `deliver: fetch`: models that are downloaded when the container starts.
//!
//! The program that does it lies beside the launcher and is its own: what speaks TLS is many times as large as all of this, and
//! only images that fetch have it. Where everything is there it ends at once.

use std::ffi::OsString;
use std::process::{Command, ExitCode, Stdio};

use modelcrate_fetcher::exit::Exit;
use modelcrate_fetcher::manifest::{Deliver, Manifest, PROGRAM};

use crate::start;
use crate::supervise::supervise;

/// Whether anything is downloaded at start.
pub fn is_needed(manifest: &Manifest) -> bool {
    manifest
        .models
        .iter()
        .any(|model| model.deliver == Deliver::Fetch)
}

/// Brings the models into their folders. They are no part of what the program prints, and read nothing that is meant for it.
///
/// Where there is no place for them, `no_place` is asked to say what to do.
///
/// # Errors
/// With the exit code, which is that of the fetcher; it has said why.
pub fn fetch(no_place: impl FnOnce()) -> Result<(), ExitCode> {
    let words = [OsString::from(PROGRAM), OsString::from("models")];
    let mut command = Command::new(PROGRAM);
    command
        .arg("models")
        .stdin(Stdio::null())
        .stdout(std::io::stderr());
    match supervise(&mut command, |_| {}) {
        Ok(0) => Ok(()),
        Ok(code) => {
            if code == Exit::Storage.code() {
                no_place();
            }
            eprintln!("launcher: not started, exit code {code}: the models are not there");
            Err(ExitCode::from(code))
        }
        Err(cause) => Err(start::failed(&words, &cause)),
    }
}
