//! From the command line to the program: read what was baked in, look, report, start.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use modelcrate_launcher::{BAKED, Baked};

use crate::preflight::{self, Arguments, Container, Form, Mode};
use crate::{init, start};

/// Exit code of `PREFLIGHT=strict` when it is not known what to look at; those of findings come after it.
const UNREADABLE: u8 = 79;

/// Starts the program that `words` say, after the checks. Comes back only when there is no program to become, or when it
/// stays as its first process.
pub fn run(words: &[OsString]) -> ExitCode {
    let container = Container::this();
    let mode = container.env("PREFLIGHT").map_or(Ok(Mode::Warn), Mode::parse);
    let (mode, odd) = mode.map_or_else(|odd| (Mode::Warn, Some(odd)), |mode| (mode, None));
    let baked = read(Path::new(BAKED));
    for problem in odd.iter().chain(baked.as_ref().err()) {
        eprintln!("preflight: {problem}");
    }
    if baked.is_err() && mode == Mode::Strict {
        return ExitCode::from(UNREADABLE);
    }
    let baked = baked.unwrap_or_default();
    if let (Some(preflight), Mode::Warn | Mode::Strict) = (&baked.preflight, mode) {
        let arguments = Arguments::of(words, &baked.entrypoint);
        let findings = preflight::findings(preflight, &arguments, &container);
        preflight::report(&findings, Form::of(container.env("PREFLIGHT_FORMAT")), mode);
        if let (Mode::Strict, Some(first)) = (mode, findings.first()) {
            return ExitCode::from(first.check.exit_code());
        }
    }
    match baked.init {
        true => init::run(words),
        false => start::become_program(words),
    }
}

/// What was baked in.
///
/// # Errors
/// With the reason, when it is not there or not ours.
fn read(path: &Path) -> Result<Baked, String> {
    let because = |cause: &dyn std::fmt::Display| {
        format!("nothing is checked, {} cannot be read: {cause}", path.display())
    };
    let text = std::fs::read_to_string(path).map_err(|cause| because(&cause))?;
    serde_json::from_str(&text).map_err(|cause| because(&cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_frontend_bakes_is_read_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("launcher.json");
        assert!(read(&path).unwrap_err().contains("nothing is checked"));
        std::fs::write(&path, r#"{ "init": true, "preflight": { "shm": 7 } }"#).unwrap();
        let baked = read(&path).unwrap();
        assert!(baked.init);
        assert_eq!(baked.preflight.unwrap().shm, Some(7));
        std::fs::write(&path, r#"{ "preflights": {} }"#).unwrap();
        assert!(read(&path).unwrap_err().contains("preflights"));
    }
}
