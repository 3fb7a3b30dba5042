//! Files that the fetcher downloads in a step: with a secret, from what no source of an engine speaks, or going on where an earlier
//! build was cut off.

use super::Piece;
use super::access::Access;
use super::program::{Program, Run};
use crate::check::{Model, Sharing};
use crate::plan::{DOWNLOADED, Facts, LAYER, Mount, MountKind, StepId, Steps};
use crate::source::Span;

/// Where secrets lie in a step, each under its argument's name.
const SECRETS: &str = "/run/secrets";
/// Where parts of files are kept between builds.
pub(super) const PARTIAL: &str = "/var/cache/modelcrate";

/// The step that downloads a file to [`DOWNLOADED`].
pub(super) fn fetch(
    steps: &mut Steps,
    model: &Model,
    facts: &Facts,
    file: &Piece,
    access: &Access,
) -> StepId {
    let to = format!("{LAYER}{DOWNLOADED}");
    let size = file.size.map(|size| size.to_string());
    let mut args = vec!["file", "--sha256", &file.sha256];
    args.extend(size.iter().flat_map(|size| ["--size", size]));
    args.extend(["--name", &file.path, "--to", &to, "--partial", PARTIAL]);
    let name = format!("download {}/{}", model.name.value, file.path);
    run(steps, facts, name, file.span, &args, access, vec![cache()])
}

/// What outlives a build: unfinished files, and archives that several files lie in.
pub(super) fn cache() -> Mount {
    Mount {
        path: PARTIAL.into(),
        kind: MountKind::Cache {
            id: "modelcrate-models".into(),
            sharing: Sharing::Shared,
        },
    }
}

/// A step of the fetcher, on an empty root.
pub(super) fn run(
    steps: &mut Steps,
    facts: &Facts,
    name: String,
    span: Span,
    args: &[&str],
    access: &Access,
    mut mounts: Vec<Mount>,
) -> StepId {
    let mut args: Vec<String> = args.iter().copied().map(ToOwned::to_owned).collect();
    args.extend(access.args.iter().cloned());
    for (flag, id) in &access.secrets {
        let path = format!("{SECRETS}/{}", flag.trim_start_matches('-'));
        args.extend([(*flag).to_owned(), path.clone()]);
        mounts.push(Mount {
            path,
            kind: MountKind::Secret {
                id: id.clone(),
                optional: false,
            },
        });
    }
    let run = Run {
        name,
        span,
        args,
        mounts,
        network: None,
    };
    Program::Fetcher.step(steps, facts, run)
}
