//! A look at the weights that the engine downloads itself: it compares their digests and nothing else. A digest that somebody
//! took of an error page, a pointer of git-lfs or half a file is right all the same.
//!
//! - The layer comes after the look and takes nothing of it, so its bytes are those of a layer that nobody looked at, and a
//!   cache that is exported with the layer knows that it was looked at.
//! - What is looked at is known by what makes it and mounted where it lies: no byte of it is hashed or copied for this, and
//!   nothing is pulled as long as the look itself is in a cache.
//! - The program that looks is part of what the look is known by: after a look by another one, an engine without the file would
//!   download it, even where the layer is in a registry's cache. So it is one that only changes when what it checks does, or the
//!   toolchain (`checker/Cargo.toml`), and not with the fetcher or a release.
//! - A lock spares nobody the look. It has what a hub says of files that nobody had read when it was written.
//! - Files that the fetcher brings, or the context, were looked at when they came.

use modelcrate_checker::format;

use super::program::{Program, Run};
use super::{Piece, Transport, download, pieces};
use crate::check::{Model, Network};
use crate::plan::{DOWNLOADED, Facts, Key, Mount, MountKind, StepId, Steps};

/// Where the files lie in the step, each at its own path.
const FOLDER: &str = "/run/modelcrate/weights";

/// The step that looks at those of `files` that need it.
pub(super) fn check(steps: &mut Steps, model: &Model, facts: &Facts, files: &[Piece]) -> Option<StepId> {
    let files: Vec<&Piece> = files.iter().filter(|file| is_checked(file)).collect();
    let first = files.first().filter(|_| facts.checker)?;
    let mut args = vec!["--in".to_owned(), FOLDER.into()];
    args.extend(files.iter().flat_map(|file| ["--file".to_owned(), wanted(file)]));
    let run = Run {
        name: match files.as_slice() {
            [file] => format!("check {}/{}", model.name.value, file.path),
            several => format!("check {} files of {}", several.len(), model.name.value),
        },
        span: first.span,
        args,
        mounts: files.iter().map(|file| mount(steps, model, file)).collect(),
        network: Some(Network::None),
    };
    Some(Program::Checker.step(steps, facts, run))
}

/// The files of a model that such a step looks at.
pub fn checked_pieces(model: &Model, facts: &Facts) -> Vec<Piece> {
    let mut pieces = pieces(model, facts);
    pieces.retain(is_checked);
    pieces
}

/// Whether an engine's words on a command that failed are about a step that looked at this file.
pub fn is_check_of(message: &str, file: &Piece) -> bool {
    message.contains(&format!("{} --in ", Program::Checker.path()))
        && message.contains(&format!("--file {}", wanted(file)))
}

/// Weights of a format that is known, and large files whose size is. What is small and no weights, its digest describes well enough.
fn is_checked(file: &Piece) -> bool {
    let is_large = file.size.is_some() && file.is_large();
    matches!(file.transport, Transport::Source { .. }) && (format::is_known(&file.path) || is_large)
}

fn wanted(file: &Piece) -> String {
    let size = file.size.map(|size| size.to_string());
    format!("{}:{}", size.unwrap_or_default(), file.path)
}

fn mount(steps: &mut Steps, model: &Model, file: &Piece) -> Mount {
    Mount {
        path: format!("{FOLDER}/{}", file.path),
        kind: MountKind::Files {
            from: download(steps, model, file),
            selector: Some(DOWNLOADED.into()),
            key: Key::Name,
        },
    }
}
