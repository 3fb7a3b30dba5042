//! `targets`: what `--target` takes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

use super::super::{Build, Failure, warnings};
use super::location::Location;
use super::{Answer, By, Call};
use crate::check;
use crate::spec::{self, Document};

/// buildkit `frontend/subrequests/targets/targets.go`.
pub(super) const CALL: Call = Call {
    name: "frontend.targets",
    aliases: &[],
    version: "1.0.0",
    description: "List the targets of the spec",
    by: By::Spec(|build| Box::pin(async { answer(build) })),
};

/// buildkit's `targets.List`.
#[derive(Serialize)]
struct List {
    targets: Vec<Target>,
    sources: Vec<String>,
}

/// buildkit's `targets.Target`.
#[derive(Serialize)]
struct Target {
    /// Left out for the spec itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    default: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// What it stands on; left out where the spec has mistakes.
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
}

fn answer(build: &Build) -> Result<Answer, Failure> {
    let document =
        spec::parse(&build.spec.source).map_err(|problems| Failure::diagnostics(&build.spec, &problems))?;
    let mut targets = vec![spec_itself(build, &document)];
    targets.extend(check::targets(&document).into_iter().map(|target| Target {
        base: base(build, Some(&target.name)),
        location: Some(Location::new(build, target.name.span)),
        name: Some(target.name.value),
        default: false,
        description: target.description,
    }));
    let text = table(&targets);
    let list = List {
        targets,
        sources: vec![BASE64.encode(warnings::shown_text(build))],
    };
    Answer::new(&list, text)
}

/// What is built without `--target`.
fn spec_itself(build: &Build, document: &Document) -> Target {
    let description = document.root.get("description").and_then(|text| text.as_text());
    Target {
        name: None,
        default: true,
        description: description.map(str::to_owned),
        base: base(build, None),
        location: None,
    }
}

fn base(build: &Build, target: Option<&str>) -> Option<String> {
    let (checked, _) = warnings::checked(build, target, &build.platforms());
    let base = checked.into_iter().next()?.base.image;
    Some(base.map_or_else(|| "scratch".to_owned(), |image| image.value))
}

fn table(targets: &[Target]) -> String {
    let name = |target: &Target| target.name.clone().unwrap_or_else(|| "(default)".to_owned());
    let rows = targets.iter().map(|target| {
        let base = target.base.clone().unwrap_or_default();
        [name(target), base, target.description.clone().unwrap_or_default()]
    });
    super::table::table(["TARGET", "BASE", "DESCRIPTION"], rows)
}
