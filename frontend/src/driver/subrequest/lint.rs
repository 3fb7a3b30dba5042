//! `lint`, also `--check` and `--call=check`: everything that a build would say of the spec, without building.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use buildkit_llb::Platform;
use serde::Serialize;

use super::super::planned::planned;
use super::super::{Build, Failure, models, warnings};
use super::location::Location;
use super::{Answer, By, Call};
use crate::check;
use crate::diagnostic::{Code, Diagnostic, Rule, Severity, code, render, shown};
use crate::spec;

/// buildkit `frontend/subrequests/lint/lint.go`.
pub(super) const CALL: Call = Call {
    name: "frontend.lint",
    // buildx calls it so itself; other clients may not (buildx `util/buildflags/callfunc.go`).
    aliases: &["check"],
    version: "1.0.0",
    description: "Check the spec without building it",
    by: By::Spec(|build| Box::pin(answer(build))),
};

/// Findings about a target that must be given something, in a call that did not ask for that target.
const OF_A_BUILD: [Code; 2] = [code::MISSING_ARG, code::MISSING_PLATFORM];

/// buildkit's `lint.LintResults`.
#[derive(Serialize)]
struct Results {
    warnings: Vec<Finding>,
    sources: Vec<Source>,
    #[serde(rename = "buildError", skip_serializing_if = "Option::is_none")]
    build_error: Option<BuildError>,
}

/// buildkit's `lint.Warning`.
#[derive(Serialize)]
struct Finding {
    #[serde(rename = "ruleName")]
    rule: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
    detail: String,
    location: Location,
    /// Ours: `error` or `warning`. Clients show both as warnings.
    severity: &'static str,
}

/// The spec, buildkit's `lint.Source`.
#[derive(Serialize)]
struct Source {
    filename: String,
    language: String,
    data: String,
}

/// buildkit's `lint.BuildError`.
#[derive(Serialize)]
struct BuildError {
    message: String,
    location: Location,
}

/// Everything that was found.
struct Found {
    findings: Vec<Diagnostic>,
    /// What ended the look without being a finding: an image that is not there.
    stopped: Option<Failure>,
}

async fn answer(build: &Build) -> Result<Answer, Failure> {
    let found = find(build).await;
    let spec = build.spec.shown_as(shown(&build.spec.source, &found.findings));
    let results = Results {
        warnings: found
            .findings
            .iter()
            .map(|finding| finding_of(build, finding))
            .collect(),
        sources: vec![Source {
            filename: spec.source.name.clone(),
            language: spec.info.language.clone(),
            data: BASE64.encode(&spec.source.text),
        }],
        build_error: build_error(build, &found),
    };
    let is_clean = results.warnings.is_empty() && results.build_error.is_none();
    let mut text = render(&spec.source, &found.findings);
    if let Some(stopped) = &found.stopped {
        text += &format!("\n{}\n", stopped.message());
    }
    if is_clean {
        text = format!("{}: no findings\n", spec.source.name);
    }
    Ok(Answer::new(&results, text)?.exits(u8::from(!is_clean)))
}

/// Looks at the target that was asked for, else at the spec itself and all its targets.
async fn find(build: &Build) -> Found {
    build.told.keep();
    let asked = build.options.target.clone().filter(|target| !target.is_empty());
    let targets = match &asked {
        Some(target) => vec![Some(target.clone())],
        None => every_target(build),
    };
    let platforms = build.platforms();
    let mut found = Found {
        findings: Vec::new(),
        stopped: None,
    };
    let mut right = Vec::new();
    for target in targets {
        let is_asked = target.is_none() || target == asked;
        let (checked, mut findings) = warnings::checked(build, target.as_deref(), &platforms);
        findings.retain(|finding| is_asked || !OF_A_BUILD.contains(&finding.code));
        found.findings.extend(findings);
        right.extend((!checked.is_empty()).then_some(target));
    }
    if !check::has_errors(&found.findings) {
        for target in right {
            if let Err(failure) = look_closer(build, target.as_deref(), &platforms).await {
                found.add(failure);
            }
        }
    }
    found.findings.extend(build.told.all());
    found.findings.sort_by_key(|finding| (finding.span, finding.code));
    found.findings.dedup();
    found
}

impl Found {
    fn add(&mut self, failure: Failure) {
        self.findings.extend_from_slice(failure.found());
        if failure.found().is_empty() {
            self.stopped.get_or_insert(failure);
        }
    }
}

/// Files of the project, listings of hubs, configs of images: read as for a build, up to its plan.
async fn look_closer(build: &Build, target: Option<&str>, platforms: &[Platform]) -> Result<(), Failure> {
    let targets = warnings::check_target(build, target, platforms).await?;
    for (checked, platform) in targets.iter().zip(platforms) {
        planned(build, checked, platform).await?;
    }
    models::look_for_news(build, &targets).await
}

/// The spec itself, and the targets that it names.
pub(super) fn every_target(build: &Build) -> Vec<Option<String>> {
    let named = spec::parse(&build.spec.source).map(|document| check::targets(&document));
    let named = named
        .unwrap_or_default()
        .into_iter()
        .map(|target| Some(target.name.value));
    std::iter::once(None).chain(named).collect()
}

fn finding_of(build: &Build, finding: &Diagnostic) -> Finding {
    let rule = Rule::of(finding.code);
    let hints = finding.hints.iter().map(|hint| format!("\nhint: {hint}"));
    Finding {
        rule: finding.code.0,
        description: rule.map_or("", |rule| rule.finds),
        url: rule.map(Rule::page).unwrap_or_default(),
        detail: finding.message.clone() + &hints.collect::<String>(),
        location: Location::new(build, finding.span),
        severity: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
    }
}

/// What a build would end with: the findings have been listed, so this only counts them.
fn build_error(build: &Build, found: &Found) -> Option<BuildError> {
    if let Some(stopped) = &found.stopped {
        return Some(BuildError {
            message: stopped.message().to_owned(),
            location: stopped
                .place()
                .map_or_else(Location::nowhere, |place| Location::new(build, place)),
        });
    }
    let mut errors = found
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let first = errors.next()?;
    let further = errors.count();
    let message = match further {
        0 => first.message.clone(),
        _ => format!(
            "{} findings stop the build, the first is: {}",
            further + 1,
            first.message
        ),
    };
    Some(BuildError {
        message,
        location: Location::new(build, first.span),
    })
}
