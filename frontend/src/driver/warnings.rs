//! Checks the spec for every platform, and says what the user should know.

use buildkit_llb::Platform;

use super::image::MERGE;
use super::{Build, Failure, facts};
use crate::check::{self, Checked};
use crate::context::SpecFile;
use crate::diagnostic::{Diagnostic, Severity, shown};
use crate::gateway::{Gateway, Warning};
use crate::spec::{PlatformNames, Request};

/// The target that was asked for, checked for each platform; every mistake of all of them at once.
pub(super) async fn check(build: &Build, platforms: &[Platform]) -> Result<Vec<Checked>, Failure> {
    let (targets, found) = checked(build, build.options.target.as_deref(), platforms);
    // Whatever is sent back shows no token, not even one that is the mistake.
    let spec = build.spec.shown_as(shown(&build.spec.source, &found));
    // Before an error too: what is only a warning may be its cause.
    for warning in found
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Warning)
    {
        warn(&build.gateway, &spec, warning).await?;
    }
    if found
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
    {
        return Err(Failure::diagnostics(&spec, &found));
    }
    Ok(targets)
}

/// A target, checked for each platform where nothing is an error, and what is found, each once and in the order of the file.
pub(super) fn checked(
    build: &Build,
    target: Option<&str>,
    platforms: &[Platform],
) -> (Vec<Checked>, Vec<Diagnostic>) {
    let native = names(build.gateway.build_platform());
    let (build_args, _) = facts::builder_args(build);
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut targets = Vec::new();
    for platform in platforms {
        let request = Request {
            target,
            build_args: &build_args,
            platform: &names(platform),
            build_platform: &native,
        };
        let (checked, diagnostics) = check::check(&build.spec.source, &request);
        targets.extend(checked);
        found.extend(diagnostics);
    }
    found.sort_by_key(|diagnostic| diagnostic.span);
    found.dedup();
    (targets, found)
}

/// The spec's text as it may be sent back: what must not be seen is stars in it.
pub(super) fn shown_text(build: &Build) -> String {
    let (_, found) = checked(build, build.options.target.as_deref(), &build.platforms());
    shown(&build.spec.source, &found).text
}

impl Build {
    /// Shows a warning under the vertex that loaded the spec.
    pub(super) async fn warn(&self, warning: &Diagnostic) -> Result<(), Failure> {
        warn(&self.gateway, &self.spec, warning).await
    }
}

/// Says once what is lost where the engine cannot merge, which is Docker's classic image store, and what brings it back.
pub(super) async fn unmerged(build: &Build) -> Result<(), Failure> {
    if build.gateway.capabilities().has(MERGE) {
        return Ok(());
    }
    let warning = Warning {
        vertex: build.spec.vertex.clone(),
        short: "classic-store: this engine's image store cannot merge layers, so each is copied onto those below it and a \
                change of one makes all above it again; set `\"features\": {\"containerd-snapshotter\": true}` in the \
                engine's daemon.json"
            .into(),
        detail: vec!["the image has the same files and the same config either way".into()],
        url: "https://docs.docker.com/engine/storage/containerd".into(),
        location: None,
    };
    Ok(build.gateway.warn(warning).await?)
}

async fn warn(gateway: &Gateway, spec: &SpecFile, warning: &Diagnostic) -> Result<(), Failure> {
    let line = spec.source.position(warning.span.start).line;
    let warning = Warning {
        vertex: spec.vertex.clone(),
        short: format!("{}: {} (line {line})", warning.code, warning.message),
        detail: warning.hints.clone(),
        url: String::new(),
        location: Some(spec.location(warning.span)),
    };
    Ok(gateway.warn(warning).await?)
}

fn names(platform: &Platform) -> PlatformNames {
    PlatformNames::new(&platform.os, &platform.architecture, &platform.variant)
}
