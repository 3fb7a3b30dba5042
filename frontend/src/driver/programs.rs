//! Programs in the frontend's own image: whether steps can run them, and images have them.

use buildkit_llb::{Output, Platform};

use super::{Build, Failure};
use crate::check::Checked;
use crate::diagnostic::{Diagnostic, code};
use crate::plan::{Facts, asks_for_launcher, checked_pieces};
use crate::source::Span;

/// Architectures that the launcher, the fetcher and the checker are compiled for (`Dockerfile.frontend`).
const ARCHITECTURES: [&str; 2] = ["amd64", "arm64"];
/// What brings the frontend's image to a frontend.
const UPDATE: &str =
    "update Docker Engine to 28.0 or later, or build with a builder of its own: `docker buildx create --use`";

/// Why no step can run the fetcher or the checker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoProgram {
    /// The engine keeps to itself which image the frontend is.
    Untold,
    /// None is compiled for the platform that steps run on.
    Platform(Platform),
}

impl NoProgram {
    /// What is wrong with the frontend's own image, after `which`.
    pub fn which(&self) -> String {
        match self {
            Self::Untold => "this engine does not tell a frontend".into(),
            Self::Platform(platform) => format!("has none for {platform}, where this engine runs steps"),
        }
    }

    /// What to do.
    pub fn fix(&self) -> &'static str {
        match self {
            Self::Untold => UPDATE,
            Self::Platform(_) => {
                "build with an engine on linux/amd64 or linux/arm64: `docker buildx ls` lists those that there are"
            }
        }
    }
}

/// Whether steps can run the fetcher and the checker.
pub(super) fn in_steps(build: &Build, frontend: Option<&Output>) -> Result<(), NoProgram> {
    let native = build.gateway.build_platform();
    match frontend {
        None => Err(NoProgram::Untold),
        Some(_) if !is_compiled_for(native) => Err(NoProgram::Platform(native.clone())),
        Some(_) => Ok(()),
    }
}

/// Fails where a target asks for a program that is not there.
pub(super) fn are_there(
    build: &Build,
    checked: &Checked,
    platform: &Platform,
    frontend: Option<&Output>,
) -> Result<(), Failure> {
    let found = launcher(checked, platform, frontend).or_else(|| scale(checked, frontend));
    match found {
        None => Ok(()),
        Some(finding) => Err(Failure::diagnostics(&build.spec, &[finding])),
    }
}

/// The warning about weights of which only the digests are compared; none where they are looked at.
pub(super) fn unchecked(
    checked: &Checked,
    facts: &Facts,
    in_steps: &Result<(), NoProgram>,
) -> Option<Diagnostic> {
    let lack = in_steps.as_ref().err()?;
    let mut models = checked.baked_models();
    let first = models.find_map(|model| checked_pieces(model, facts).into_iter().next())?;
    let message = format!(
        "sizes and headers of weights are not checked: that takes a program in the frontend's own image, which {}",
        lack.which()
    );
    Some(Diagnostic::warning(code::MISSING_CAPABILITY, first.span, message).hint(lack.fix()))
}

fn is_compiled_for(platform: &Platform) -> bool {
    platform.os == "linux" && ARCHITECTURES.contains(&platform.architecture.as_str())
}

/// The launcher, and the fetcher beside it, are of the image's platform.
fn launcher(checked: &Checked, platform: &Platform, frontend: Option<&Output>) -> Option<Diagnostic> {
    let (what, span) = asks_for_launcher(checked)?;
    let finding = if !is_compiled_for(platform) {
        let message = format!("{what} needs a program in the image, and modelcrate has none for {platform}");
        Diagnostic::error(code::LAUNCHER, span, message)
            .hint("build for linux/amd64 or linux/arm64, or leave it out on this platform")
    } else if frontend.is_none() {
        let message = format!("{what} needs an engine that tells a frontend its own image");
        Diagnostic::error(code::LAUNCHER, span, message).hint(UPDATE)
    } else {
        return None;
    };
    Some(match is_health_check(checked, span) {
        true => finding.hint("or give a `command:` in place of the `url:`"),
        false => finding,
    })
}

fn is_health_check(checked: &Checked, span: Span) -> bool {
    let check = checked.healthcheck.as_ref();
    check.is_some_and(|check| check.span == span)
}

/// Layers are weighed by the frontend's own program.
fn scale(checked: &Checked, frontend: Option<&Output>) -> Option<Diagnostic> {
    let budget = checked.budget.as_ref()?;
    let size = budget.unpacked.as_ref().or(budget.compressed.as_ref())?;
    let message = "a budget of sizes needs BuildKit 0.10 or later, which tells a frontend its own image";
    let finding = Diagnostic::error(code::MISSING_CAPABILITY, size.span, message)
        .hint("update Docker Engine to 28.0 or later, or leave the budget out");
    frontend.is_none().then_some(finding)
}
