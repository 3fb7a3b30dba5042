//! Checks the spec for every platform, and says what the user should know.

use buildkit_llb::Platform;

use super::{Build, Failure, facts};
use crate::check::{self, Checked};
use crate::diagnostic::{Diagnostic, Severity};
use crate::gateway::Warning;
use crate::spec::{PlatformNames, Request};

/// The target that was asked for, checked for each platform; every mistake of all of them at once.
pub(super) async fn check(build: &Build, platforms: &[Platform]) -> Result<Vec<Checked>, Failure> {
    let native = names(build.gateway.build_platform());
    let (build_args, _) = facts::builder_args(build);
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut targets = Vec::new();
    for platform in platforms {
        let request = Request {
            target: build.options.target.as_deref(),
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
    // Before an error too: what is only a warning may be its cause.
    for warning in found
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Warning)
    {
        build.warn(warning).await?;
    }
    if found
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
    {
        return Err(Failure::diagnostics(&build.spec, &found));
    }
    Ok(targets)
}

impl Build {
    /// Shows a warning under the vertex that loaded the spec.
    pub(super) async fn warn(&self, warning: &Diagnostic) -> Result<(), Failure> {
        let line = self.spec.source.position(warning.span.start).line;
        let warning = Warning {
            vertex: self.spec.vertex.clone(),
            short: format!("{}: {} (line {line})", warning.code, warning.message),
            detail: warning.hints.clone(),
            url: String::new(),
            location: Some(self.spec.location(warning.span)),
        };
        Ok(self.gateway.warn(warning).await?)
    }
}

fn names(platform: &Platform) -> PlatformNames {
    PlatformNames::new(&platform.os, &platform.architecture, &platform.variant)
}
