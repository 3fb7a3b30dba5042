//! Checks the spec for every platform, and says what the user should know.

use buildkit_llb::Platform;

use super::image::MERGE;
use super::{Build, Failure, facts, models};
use crate::check::{self, Arg, Checked};
use crate::context::SpecFile;
use crate::diagnostic::{Diagnostic, Rule, Severity, shown};
use crate::gateway::{Gateway, Warning};
use crate::spec::{self, PlatformNames, Request, ResolvedModels};

/// The target that was asked for, checked for each platform; every mistake of all of them at once. Models whose sources are
/// a hub's are asked for, and the spec is then read with what was found.
pub(super) async fn check(build: &Build, platforms: &[Platform]) -> Result<Vec<Checked>, Failure> {
    check_target(build, build.options.target.as_deref(), platforms).await
}

/// The same of a target that was not asked for.
pub(super) async fn check_target(
    build: &Build,
    target: Option<&str>,
    platforms: &[Platform],
) -> Result<Vec<Checked>, Failure> {
    let none = ResolvedModels::new();
    let platforms: Vec<(&Platform, &ResolvedModels)> =
        platforms.iter().map(|platform| (platform, &none)).collect();
    let (targets, found) = read(build, target, &platforms);
    tell(build, &targets, &found).await?;
    let Some(known) = models::resolve(build, &targets).await? else {
        return Ok(targets);
    };
    let platforms: Vec<_> = platforms
        .iter()
        .map(|(platform, _)| *platform)
        .zip(&known)
        .collect();
    let (targets, found) = read(build, target, &platforms);
    tell(build, &targets, &found).await?;
    let targets = targets.into_iter().zip(&known);
    Ok(targets.map(|(target, known)| target.with_models(known)).collect())
}

/// Says what was found; fails at errors.
async fn tell(build: &Build, targets: &[Checked], found: &[Diagnostic]) -> Result<(), Failure> {
    // Whatever is sent back shows no token, not even one that is the mistake.
    let spec = build.spec.shown_as(shown(&build.spec.source, found));
    if let Some(checked) = targets.first() {
        build.told.skip(&checked.skipped);
    }
    let of = |severity| move |finding: &&Diagnostic| finding.severity == severity;
    // Before an error too: what is only a warning may be its cause.
    for warning in found.iter().filter(of(Severity::Warning)) {
        warn_once(build, &spec, warning).await?;
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
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut targets = Vec::new();
    for (platform, models) in platforms {
        let (checked, diagnostics) = requested(build, target, platform, models, |request| {
            check::check(&build.spec.source, request)
        });
        targets.extend(checked);
        found.extend(diagnostics);
    }
    found.sort_by_key(|diagnostic| diagnostic.span);
    found.dedup();
    (targets, found)
}

/// The args of the target that was asked for.
pub(super) fn args(build: &Build) -> Vec<Arg> {
    let Ok(document) = spec::parse(&build.spec.source) else {
        return Vec::new();
    };
    let platform = build.platforms().swap_remove(0);
    requested(
        build,
        build.options.target.as_deref(),
        &platform,
        &ResolvedModels::new(),
        |request| check::args(&document, &build.spec.source, request),
    )
}

/// What a target on a platform asks of the spec.
fn requested<T>(
    build: &Build,
    target: Option<&str>,
    platform: &Platform,
    models: &ResolvedModels,
    act: impl FnOnce(&Request) -> T,
) -> T {
    let (build_args, _) = facts::builder_args(&build.options);
    act(&Request {
        target,
        build_args: &build_args,
        platform: &names(platform),
        build_platform: &names(build.gateway.build_platform()),
        models,
    })
}

/// The spec's text as it may be sent back: what must not be seen is stars in it.
pub(super) fn shown_text(build: &Build) -> String {
    let (_, found) = checked(build, build.options.target.as_deref(), &build.platforms());
    shown(&build.spec.source, &found).text
}

impl Build {
    /// Shows a warning under the vertex that loaded the spec: once, and never where the spec does not want to hear it.
    pub(super) async fn warn(&self, warning: &Diagnostic) -> Result<(), Failure> {
        warn_once(self, &self.spec, warning).await
    }
}

async fn warn_once(build: &Build, spec: &SpecFile, warning: &Diagnostic) -> Result<(), Failure> {
    match build.told.is_news(warning) {
        true => warn(&build.gateway, spec, warning).await,
        false => Ok(()),
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
        url: Rule::of(warning.code).map(Rule::page).unwrap_or_default(),
        location: Some(spec.location(warning.span)),
    };
    Ok(gateway.warn(warning).await?)
}

fn names(platform: &Platform) -> PlatformNames {
    PlatformNames::new(&platform.os, &platform.architecture, &platform.variant)
}
