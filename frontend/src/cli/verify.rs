//! `verify`: looks at an image, tells what is wrong.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use modelcrate_fetcher::lock::Lock;
use tempfile::NamedTempFile;

use super::arguments::Verify;
use super::failure::Failure;
use super::looked::Asked;
use super::print;
use crate::verify::{self, Class, Report, Secret, Wanted};

/// Exit code where something is wrong.
const WRONG: i32 = 3;
/// Exit code where a secret or a token is in the image.
const LEAKED: i32 = 4;

/// Looks at an image: the exit code says what was found.
pub(super) fn verify(arguments: &Verify) -> Result<i32, Failure> {
    let secrets = arguments
        .secrets
        .iter()
        .map(|text| secret(text))
        .collect::<Result<_, _>>()?;
    let wanted = Wanted::new(secrets).map_err(Failure::new)?;
    let lock = arguments.lock.as_deref().map(lock).transpose()?;
    let asked = Asked {
        image: &arguments.image,
        platforms: &arguments.platforms,
        wanted: &wanted,
        lock: lock.as_ref(),
    };
    let mut report = asked.look()?;
    if report.images.is_empty() {
        return Err(nowhere(arguments, &report));
    }
    report
        .findings
        .retain(|finding| !arguments.allow.contains(&finding.class));
    match arguments.json {
        true => {
            let json = serde_json::to_string_pretty(&report);
            let json = json.map_err(|error| Failure::new(format!("this is a bug in modelcrate: {error}")))?;
            print(&format!("{json}\n"))?;
        }
        false => drop(print(&told(&arguments.image, &report))?),
    }
    Ok(code(&report))
}

/// Nothing was looked at, so nothing may be said of it.
fn nowhere(arguments: &Verify, report: &Report) -> Failure {
    let platforms = arguments.platforms.join("`, `");
    let failure = Failure::new(format!(
        "no image for `{platforms}` was found in `{}`",
        arguments.image
    ));
    match report.others.is_empty() {
        true => failure.hint("leave `--platform` out to see which there are"),
        false => failure.hint("it has one that is not here: pull it with `docker pull --platform`"),
    }
}

fn code(report: &Report) -> i32 {
    let leaked = |class| matches!(class, Class::Secret | Class::Token);
    match report.findings.iter().any(|finding| leaked(finding.class)) {
        true => LEAKED,
        false if report.findings.is_empty() => 0,
        false => WRONG,
    }
}

/// A file that goes away.
pub(super) fn temporary() -> Result<NamedTempFile, Failure> {
    NamedTempFile::new().map_err(|cause| Failure::new(format!("no temporary file can be made: {cause}")))
}

/// What docker prints.
pub(super) fn docker(words: &[&str]) -> Result<Vec<u8>, Failure> {
    docker_with(words, Stdio::null())
}

/// The same with something to read.
pub(super) fn docker_with(words: &[&str], input: Stdio) -> Result<Vec<u8>, Failure> {
    let output = Command::new("docker").args(words).stdin(input).output();
    let output = output.map_err(|cause| Failure::no_docker(&cause))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!(
        "docker {}: {}",
        words.join(" "),
        said.trim()
    )))
}

/// `id=ID,src=FILE` or `id=ID,env=VARIABLE`, as docker takes it.
fn secret(text: &str) -> Result<Secret, Failure> {
    let parts: Vec<(&str, &str)> = text.split(',').filter_map(|part| part.split_once('=')).collect();
    let part = |names: &[&str]| {
        parts
            .iter()
            .find(|(name, _)| names.contains(name))
            .map(|(_, value)| *value)
    };
    let wrong = || {
        Failure::new(format!("`{text}` is not a secret"))
            .hint("write `id=ID,src=FILE` or `id=ID,env=VARIABLE`")
    };
    let id = part(&["id"]).ok_or_else(wrong)?;
    let value = match (part(&["src", "source"]), part(&["env"])) {
        (Some(file), _) => fs::read_to_string(file)
            .map_err(|cause| Failure::new(format!("`{file}` cannot be read: {cause}")))?,
        (None, Some(name)) => variable(name)?,
        (None, None) => return Err(wrong()),
    };
    Ok(Secret {
        id: id.to_owned(),
        value,
    })
}

fn variable(name: &str) -> Result<String, Failure> {
    let value = std::env::var_os(name).and_then(|value| value.into_string().ok());
    value.ok_or_else(|| Failure::new(format!("the variable `{name}` is not set")))
}

fn lock(path: &Path) -> Result<Lock, Failure> {
    let failed = |cause: String| Failure::new(format!("`{}` cannot be read: {cause}", path.display()));
    let text = fs::read_to_string(path).map_err(|cause| failed(cause.to_string()))?;
    Lock::read(&text).map_err(|cause| failed(cause.to_string()))
}

/// The report in words.
fn told(image: &str, report: &Report) -> String {
    let mut text = String::new();
    for platform in &report.images {
        let of = |bytes: fn(&verify::LayerReport) -> u64| platform.layers.iter().map(bytes).sum::<u64>();
        let _ = writeln!(
            text,
            "{image} {}: user {}, {} layers, {} to move, {} unpacked, {} files of models",
            platform.platform,
            platform.user,
            platform.layers.len(),
            megabytes(of(|layer| layer.compressed)),
            megabytes(of(|layer| layer.unpacked)),
            platform.model_files,
        );
        let mut layers: Vec<&verify::LayerReport> = platform.layers.iter().collect();
        layers.sort_by_key(|layer| std::cmp::Reverse(layer.unpacked));
        for layer in layers.into_iter().take(5).filter(|layer| layer.unpacked > 0) {
            let largest = layer.largest.as_deref().unwrap_or_default();
            let _ = writeln!(
                text,
                "  {:>10}  {}  {largest}",
                megabytes(layer.unpacked),
                &layer.digest[..19.min(layer.digest.len())]
            );
        }
    }
    for platform in &report.others {
        let _ = writeln!(text, "{image} {platform}: not here, so nobody looked at it");
    }
    let _ = writeln!(text, "{} attestations", report.attestations);
    if let Some(why) = &report.unread {
        let _ = writeln!(text, "  {why}");
    }
    for finding in &report.findings {
        let _ = writeln!(
            text,
            "{}: {}: {}",
            finding.class.name(),
            finding.place,
            finding.message
        );
    }
    if report.findings.is_empty() {
        text += "nothing is wrong\n";
    }
    text
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}
