//! `outline`: what a target can be given, and what it wants.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

use super::super::{Build, Failure, warnings};
use super::location::Location;
use super::table::table;
use super::{Answer, By, Call};
use crate::check::{Arg, Checked};
use crate::source::Span;

/// buildkit `frontend/subrequests/outline/outline.go`.
pub(super) const CALL: Call = Call {
    name: "frontend.outline",
    aliases: &[],
    version: "1.0.0",
    description: "List what can be given to a target: args, secrets, agents, caches",
    by: By::Spec(|build| Box::pin(answer(build))),
};

/// buildkit's `outline.Outline`.
#[derive(Serialize)]
struct Outline {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    args: Vec<Given>,
    secrets: Vec<Wanted>,
    ssh: Vec<Wanted>,
    cache: Vec<Cache>,
    sources: Vec<String>,
}

/// buildkit's `outline.Arg`.
#[derive(Serialize)]
struct Given {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Left out where it must be given and was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    location: Location,
}

/// buildkit's `outline.Secret` and `outline.SSH`.
#[derive(Serialize)]
struct Wanted {
    name: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    required: bool,
    /// Ours: what it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    location: Location,
}

/// buildkit's `outline.CacheMount`.
#[derive(Serialize)]
struct Cache {
    #[serde(rename = "ID")]
    id: String,
    location: Location,
}

async fn answer(build: &Build) -> Result<Answer, Failure> {
    let platforms = build.platforms();
    let mut checked = warnings::check(build, &platforms[..1]).await?;
    let checked = checked
        .pop()
        .ok_or_else(|| Failure::bug("a spec without mistakes is not there"))?;
    let at = |span| Location::new(build, span);
    let outline = Outline {
        name: checked.target.clone(),
        description: checked.description.as_ref().map(|text| text.value.clone()),
        args: warnings::args(build)
            .into_iter()
            .map(|arg| given(arg, &at))
            .collect(),
        secrets: secrets(&checked, &at),
        ssh: agents(&checked, &at),
        cache: caches(&checked, &at),
        sources: vec![BASE64.encode(warnings::shown_text(build))],
    };
    let text = text(&outline);
    Answer::new(&outline, text)
}

fn given(arg: Arg, at: &impl Fn(Span) -> Location) -> Given {
    Given {
        location: at(arg.name.span),
        name: arg.name.value,
        description: arg.description,
        value: arg.value,
    }
}

fn secrets(checked: &Checked, at: &impl Fn(Span) -> Location) -> Vec<Wanted> {
    let wanted = checked.secrets.iter().map(|(id, secret)| Wanted {
        name: id.clone(),
        required: !secret.optional,
        description: secret.description.clone(),
        location: at(secret.span),
    });
    wanted.collect()
}

/// The agents of the target's own steps, each once.
fn agents(checked: &Checked, at: &impl Fn(Span) -> Location) -> Vec<Wanted> {
    let runs = checked.runs.iter().flat_map(|run| &run.ssh);
    let cmake = checked.cmake.iter().flat_map(|project| &project.ssh);
    let rust = checked.rust.iter().flat_map(|rust| &rust.ssh);
    let agents: BTreeMap<&str, Span> = runs
        .chain(cmake)
        .chain(rust)
        .map(|id| (id.value.as_str(), id.span))
        .collect();
    let wanted = agents.into_iter().map(|(id, span)| Wanted {
        name: id.to_owned(),
        required: true,
        description: None,
        location: at(span),
    });
    wanted.collect()
}

/// The folders that commands of the user's own keep, each once.
fn caches(checked: &Checked, at: &impl Fn(Span) -> Location) -> Vec<Cache> {
    let caches = checked.runs.iter().flat_map(|run| &run.cache);
    let caches: BTreeMap<&str, Span> = caches.map(|cache| (cache.id.as_str(), cache.path.span)).collect();
    let caches = caches.into_iter().map(|(id, span)| Cache {
        id: id.to_owned(),
        location: at(span),
    });
    caches.collect()
}

fn text(outline: &Outline) -> String {
    let mut parts = vec![head(outline)];
    if !outline.args.is_empty() {
        parts.push(table(
            ["BUILD ARG", "VALUE", "DESCRIPTION"],
            outline.args.iter().map(arg_row),
        ));
    }
    for (head, wanted) in [("SECRET", &outline.secrets), ("SSH", &outline.ssh)] {
        if !wanted.is_empty() {
            parts.push(table(
                [head, "REQUIRED", "DESCRIPTION"],
                wanted.iter().map(wanted_row),
            ));
        }
    }
    if !outline.cache.is_empty() {
        parts.push(table(
            ["CACHE"],
            outline.cache.iter().map(|cache| [cache.id.clone()]),
        ));
    }
    parts.join("\n")
}

fn head(outline: &Outline) -> String {
    let target = outline.name.as_deref().unwrap_or("(default)");
    match &outline.description {
        Some(description) => format!("TARGET:        {target}\nDESCRIPTION:   {description}\n"),
        None => format!("TARGET:   {target}\n"),
    }
}

fn arg_row(arg: &Given) -> [String; 3] {
    let value = arg.value.clone().unwrap_or_else(|| "(must be given)".to_owned());
    [
        arg.name.clone(),
        value,
        arg.description.clone().unwrap_or_default(),
    ]
}

fn wanted_row(wanted: &Wanted) -> [String; 3] {
    let required = if wanted.required { "true" } else { "" };
    [
        wanted.name.clone(),
        required.to_owned(),
        wanted.description.clone().unwrap_or_default(),
    ]
}
