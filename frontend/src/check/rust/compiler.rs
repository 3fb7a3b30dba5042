//! What the compiler is told: which one it is, and what it compiles for.

use super::super::findings::Findings;
use super::super::{RustTarget, base, defaults};
use super::name;
use crate::diagnostic::{Diagnostic, closest, code, listed};
use crate::rust::Channel;
use crate::source::Spanned;
use crate::spec::{self, Entry, Spec, Text};

/// What `lto` may say (the Cargo book, `reference/profiles.html#lto`).
const LTO: [&str; 5] = ["true", "false", "thin", "fat", "off"];

pub(super) fn toolchain(entry: &Entry<Text>) -> Result<Spanned<Channel>, Diagnostic> {
    let text: &str = entry;
    match Channel::parse(text) {
        Ok(channel) => Ok(Spanned::new(channel, entry.span)),
        Err(hint) => {
            let message = format!("images cannot be built with Rust `{text}`");
            Err(Diagnostic::error(code::INVALID_VERSION, entry.span, message).hint(hint))
        }
    }
}

pub(super) fn profile(item: &spec::Rust, findings: &mut Findings) -> String {
    let default = || defaults::RUST_PROFILE.to_string();
    let Some(entry) = item.profile.get() else {
        return default();
    };
    if &*entry.value == "debug" {
        findings.push(
            Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, "cargo has no profile `debug`")
                .hint("its name is `dev`; `debug` is its folder"),
        );
        return default();
    }
    findings
        .keep(name(entry, "a profile"))
        .map_or_else(default, |profile| profile.value)
}

pub(super) fn lto(entry: &Entry<Text>) -> Result<String, Diagnostic> {
    let text: &str = entry;
    if LTO.contains(&text) {
        return Ok(text.to_string());
    }
    let message = format!("`{text}` is no choice for `lto`");
    let finding = Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, message);
    Err(match closest(text, LTO) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint(format!("the choices are {}", listed(&LTO))),
    })
}

pub(super) fn codegen_units(item: &spec::Rust) -> Result<Option<u32>, Diagnostic> {
    match item.codegen_units.get() {
        Some(entry) if entry.value.0 == 0 => {
            let message = "a crate is compiled in at least one part";
            Err(Diagnostic::error(code::WRONG_TYPE, entry.span, message)
                .hint("write `codegen_units: 1` for the fastest program"))
        }
        written => Ok(written.map(|entry| entry.value.0)),
    }
}

/// `gnu`, `musl`, or a triple of Linux.
pub(super) fn target(entry: &Entry<Text>) -> Result<Spanned<RustTarget>, Diagnostic> {
    let text: &str = entry;
    let target = match text {
        "gnu" => RustTarget::Gnu,
        "musl" => RustTarget::Musl,
        triple if triple.split('-').count() >= 3 && triple.contains("-linux-") => {
            RustTarget::Triple(triple.to_string())
        }
        _ => {
            let message = format!("`{text}` is not a target that images run");
            return Err(Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, message).hint(
                "write `gnu`, `musl` for a static program, or a triple such as `x86_64-unknown-linux-musl`",
            ));
        }
    };
    Ok(Spanned::new(target, entry.span))
}

/// Debian's libraries are for glibc: a static program cannot be linked to them.
pub(super) fn libraries_are_static(
    spec: &Spec,
    apt: &[Spanned<String>],
    target: Option<&Spanned<RustTarget>>,
    findings: &mut Findings,
) {
    let why = match target.map(|target| (&target.value, target.span)) {
        Some((RustTarget::Musl, span)) => Some((span, "asks for a static program")),
        None if base::is_scratch(spec) => spec
            .base
            .get()
            .map(|base| (base.span, "runs static programs alone")),
        _ => None,
    };
    let Some((span, why)) = why else { return };
    for package in apt.iter().filter(|package| is_library(package)) {
        let message = format!(
            "`{}` cannot be linked into a static program: it is for glibc",
            package.value
        );
        findings.push(
            Diagnostic::warning(code::NO_EFFECT, package.span, message)
                .related(span, why)
                .hint("use a feature of the crate that brings the library along (`vendored`, `bundled`, `rustls`), or a base with glibc"),
        );
    }
}

/// Libraries with their headers. Those of compilers are for the compiler.
fn is_library(package: &str) -> bool {
    let library = package.starts_with("lib") && package.ends_with("-dev");
    library
        && !["libclang", "libllvm", "libc6-dev", "libc-dev"]
            .iter()
            .any(|own| package.starts_with(own))
}
