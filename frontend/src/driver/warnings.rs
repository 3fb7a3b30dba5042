//! Checks the spec for every platform, and says what the user should know.

use buildkit_llb::Platform;

use super::image::MERGE;
use super::{Build, Failure, facts, models};
use crate::check::{self, Checked};
use crate::context::SpecFile;
use crate::diagnostic::{Diagnostic, Severity, shown};
use crate::gateway::{Gateway, Warning};
use crate::spec::{PlatformNames, Request, ResolvedModels};

/// The target that was asked for, checked for each platform; every mistake of all of them at once. Models whose sources are
/// a hub's are asked for, and the spec is then read with what was found.
pub(super) async fn check(build: &Build, platforms: &[Platform]) -> Result<Vec<Checked>, Failure> {
    let none = ResolvedModels::new();
    let platforms: Vec<(&Platform, &ResolvedModels)> =
        platforms.iter().map(|platform| (platform, &none)).collect();
    let asked = build.options.target.as_deref();
    let (targets, told) = read(build, asked, &platforms);
    tell(build, &told, &[]).await?;
    let Some(known) = models::resolve(build, &targets).await? else {
        return Ok(targets);
    };
    let platforms: Vec<_> = platforms
        .iter()
        .map(|(platform, _)| *platform)
        .zip(&known)
        .collect();
    let (targets, found) = read(build, asked, &platforms);
    tell(build, &found, &told).await?;
    let targets = targets.into_iter().zip(&known);
    Ok(targets.map(|(target, known)| target.with_models(known)).collect())
}

/// Says what was found and not yet told; fails at errors.
async fn tell(build: &Build, found: &[Diagnostic], told: &[Diagnostic]) -> Result<(), Failure> {
    // Whatever is sent back shows no token, not even one that is the mistake.
    let spec = build.spec.shown_as(shown(&build.spec.source, found));
    let of = |severity| move |finding: &&Diagnostic| finding.severity == severity;
    // Before an error too: what is only a warning may be its cause.
    let warnings = found.iter().filter(of(Severity::Warning));
    for warning in warnings.filter(|warning| !told.contains(warning)) {
        warn(&build.gateway, &spec, warning).await?;
    }
    match found.iter().any(|finding| finding.severity == Severity::Error) {
        true => Err(Failure::diagnostics(&spec, found)),
        false => Ok(()),
    }
}

/// A target, checked for each platform where nothing is an error, and what is found, each once and in the order of the file.
/// No source of a model is asked for it.
pub(super) fn checked(
    build: &Build,
    target: Option<&str>,
    platforms: &[Platform],
) -> (Vec<Checked>, Vec<Diagnostic>) {
    let none = ResolvedModels::new();
    let platforms: Vec<_> = platforms.iter().map(|platform| (platform, &none)).collect();
    read(build, target, &platforms)
}

/// The same with what is known of models, for each platform.
fn read(
    build: &Build,
    target: Option<&str>,
    platforms: &[(&Platform, &ResolvedModels)],
) -> (Vec<Checked>, Vec<Diagnostic>) {
    let native = names(build.gateway.build_platform());
    let (build_args, _) = facts::builder_args(&build.options);
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut targets = Vec::new();
    for (platform, models) in platforms {
        let request = Request {
            target,
            build_args: &build_args,
            platform: &names(platform),
            build_platform: &native,
            models,
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
