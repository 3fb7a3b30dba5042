//! The Rust half of the facts: manifests, locks and toolchain files of the workspaces that the spec names.
//!
//! In come what the spec asks for and the context; out goes a [`Workspace`] for each entry of `rust:`. What a workspace and
//! the spec say against each other ends the build here, before any image is resolved.

mod disagreement;
mod read;

use super::{Build, Failure};
use crate::check::{Checked, Rust};
use crate::diagnostic::{Diagnostic, code};
use crate::plan::{self, Facts};
use crate::rust::{Channel, Workspace};
use crate::source::Span;

/// The workspace of every entry, in their order.
pub(super) async fn workspaces(build: &Build, checked: &Checked) -> Result<Vec<Workspace>, Failure> {
    let mut workspaces = Vec::new();
    let mut found = Vec::new();
    for rust in &checked.rust {
        match read::workspace(build, rust).await? {
            Ok(workspace) => {
                found.extend(disagreement::disagreements(rust, &workspace));
                workspaces.push(workspace);
            }
            Err(finding) => found.push(finding),
        }
    }
    match found.as_slice() {
        [] => Ok(workspaces),
        found => Err(Failure::diagnostics(&build.spec, found)),
    }
}

/// Says which entries are compiled on an emulated machine, and why.
pub(super) async fn warn(build: &Build, checked: &Checked, facts: &Facts) -> Result<(), Failure> {
    for rust in &checked.rust {
        let libraries = plan::emulated_for(rust, facts);
        if let Some(first) = libraries.first() {
            let message = format!(
                "`{}` is a library of the image's platform, so Rust compiles on an emulated machine, which takes long",
                first.value
            );
            let warning = Diagnostic::warning(code::EMULATED_BUILD, first.span, message)
                .hint("without libraries from `apt`, it compiles at full speed: crates often have a feature for that (`vendored`, `bundled`, `rustls`)");
            build.warn(&warning).await?;
        }
    }
    Ok(())
}

/// The lines that say where a workspace is.
fn place(rust: &Rust) -> Span {
    if rust.path.span == Span::default() {
        rust.span
    } else {
        rust.path.span
    }
}

fn folder_named(folder: &str) -> String {
    if folder.is_empty() {
        "the context".to_owned()
    } else {
        format!("`{folder}` of the context")
    }
}

/// The channel that a toolchain file names; what cannot be read is told once, by [`disagreement`].
fn file_channel(workspace: &Workspace) -> Option<Result<Channel, &'static str>> {
    workspace.toolchain.channel.as_deref().map(Channel::parse)
}

fn unreadable(path: &str, error: &str, span: Span) -> Diagnostic {
    let first = error.lines().next().unwrap_or_default();
    Diagnostic::error(
        code::RUST_PROJECT,
        span,
        format!("`{path}` cannot be read: {first}"),
    )
}
