//! From the command line to the program: read what was baked in, look, fetch, look at the models, start.

use std::ffi::OsString;
use std::process::ExitCode;

use modelcrate_fetcher::manifest::Manifest;
use modelcrate_launcher::Baked;

use crate::preflight::{self, Arguments, Container, Finding, Form, Mode};
use crate::{baked, fetch, init, start};

/// Exit code of `PREFLIGHT=strict` when it is not known what to look at; those of findings come after it.
const UNREADABLE: u8 = 79;

/// Starts the program that `words` say, after the checks. Comes back only when there is no program to become, or when it
/// stays as its first process.
pub fn run(words: &[OsString]) -> ExitCode {
    let container = Container::this();
    let mode = container.env("PREFLIGHT").map_or(Ok(Mode::Warn), Mode::parse);
    let (mode, odd) = mode.map_or_else(|odd| (Mode::Warn, Some(odd)), |mode| (mode, None));
    let (baked, manifest) = (baked::baked(), baked::models());
    let problems: Vec<&String> = [odd.as_ref(), baked.as_ref().err(), manifest.as_ref().err()]
        .into_iter()
        .flatten()
        .collect();
    for problem in &problems {
        eprintln!("preflight: {problem}");
    }
    if (baked.is_err() || manifest.is_err()) && mode == Mode::Strict {
        return ExitCode::from(UNREADABLE);
    }
    let (baked, manifest) = (baked.unwrap_or_default(), manifest.unwrap_or_default());
    match ready(words, &baked, &manifest, &container, mode) {
        Err(code) => code,
        Ok(()) if baked.init => init::run(words),
        Ok(()) => start::become_program(words),
    }
}

/// What comes before the start. What needs no model is looked at first: nobody waits for a download to hear of the rest.
///
/// # Errors
/// With the exit code, when the program is not to be started.
fn ready(
    words: &[OsString],
    baked: &Baked,
    manifest: &Manifest,
    container: &Container,
    mode: Mode,
) -> Result<(), ExitCode> {
    let arguments = Arguments::of(words, &baked.entrypoint);
    let preflight = baked.preflight.as_ref();
    let skipped = preflight.is_some_and(|preflight| arguments.match_any(&preflight.skip_for));
    if skipped || arguments.ask_for_help() {
        return Ok(());
    }
    let preflight = preflight.filter(|_| mode != Mode::Off);
    let form = Form::of(container.env("PREFLIGHT_FORMAT"));
    let tell = |findings: &[Finding]| {
        preflight::report(findings, form, mode);
        match (mode, findings.first()) {
            (Mode::Strict, Some(first)) => Err(ExitCode::from(first.check.exit_code())),
            _ => Ok(()),
        }
    };
    if let Some(preflight) = preflight {
        tell(&preflight::findings(
            preflight,
            &manifest.models,
            &arguments,
            container,
        ))?;
    }
    if fetch::is_needed(manifest) {
        fetch::fetch(|| {
            // Else it has been said.
            if preflight.is_none() {
                preflight::report(&preflight::places(&manifest.models, container), form, Mode::Warn);
            }
        })?;
    }
    if let Some(preflight) = preflight {
        tell(&preflight::model_findings(preflight, &manifest.models, container))?;
    }
    Ok(())
}
