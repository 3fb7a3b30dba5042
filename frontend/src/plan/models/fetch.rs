//! Files that the fetcher downloads in a step: with a secret, from what no source of an engine speaks, or going on where an earlier
//! build was cut off.

use super::Piece;
use super::access::Access;
use crate::check::{Model, Sharing};
use crate::plan::{
    Action, CopyAction, DOWNLOADED, Exec, Facts, FileAction, Keep, Key, LAYER, Mount, MountKind, On, Step,
    StepId, Steps, Tree,
};
use crate::source::Span;

/// Where the program lies in a step.
pub(super) const PROGRAM: &str = "/run/modelcrate/fetcher";
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
    mounts.push(program(steps, facts, span));
    let mut args: Vec<String> = std::iter::once(PROGRAM)
        .chain(args.iter().copied())
        .map(ToOwned::to_owned)
        .collect();
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
    let action = Action::Exec(Exec {
        root: Tree::new(),
        keep: Keep::Layer,
        args,
        env: Vec::new(),
        cwd: "/".into(),
        mounts,
        secret_env: Vec::new(),
        network: None,
    });
    steps.add(Step {
        stage: "models",
        name,
        span,
        // No file differs by platform, and the program runs where the build does.
        platform: On::Build,
        action,
    })
}

/// The program alone, so that a new frontend with the same fetcher downloads nothing again.
pub(super) fn program(steps: &mut Steps, facts: &Facts, span: Span) -> Mount {
    let image = steps.add(Step {
        stage: "models",
        name: "from the frontend".into(),
        span,
        platform: On::Any,
        action: Action::FrontendImage,
    });
    let copy = FileAction::Copy(CopyAction {
        from: image,
        source: format!("/fetcher/{}", facts.build_architecture),
        dest: "/fetcher".into(),
        owner: None,
        mode: Some("0755".into()),
        exclude: Vec::new(),
    });
    let from = steps.add(Step {
        stage: "models",
        name: "take the fetcher".into(),
        span,
        platform: On::Any,
        action: Action::Files(vec![copy]),
    });
    Mount {
        path: PROGRAM.into(),
        kind: MountKind::Files {
            from,
            selector: Some("/fetcher".into()),
            key: Key::Bytes,
        },
    }
}
