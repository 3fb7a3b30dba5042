//! Files that the fetcher downloads in a step: with a token, or going on where an earlier build was cut off.

use super::Piece;
use crate::check::{Model, Sharing};
use crate::plan::{
    Action, CopyAction, DOWNLOADED, Exec, Facts, FileAction, Keep, Key, LAYER, Mount, MountKind, On, Step,
    StepId, Steps, Tree,
};
use crate::source::Span;

/// Where the program lies in a step.
const PROGRAM: &str = "/run/modelcrate/fetcher";
/// Where the token lies in a step.
const TOKEN: &str = "/run/secrets/token";
/// Where parts of files are kept between builds.
const PARTIAL: &str = "/var/cache/modelcrate";

/// The step that downloads a file to [`DOWNLOADED`].
pub(super) fn fetch(
    steps: &mut Steps,
    model: &Model,
    facts: &Facts,
    file: &Piece,
    token: Option<&str>,
) -> StepId {
    let to = format!("{LAYER}{DOWNLOADED}");
    let size = file.size.map(|size| size.to_string());
    let mut args = vec!["file", "--url", &file.url, "--sha256", &file.sha256];
    args.extend(size.iter().flat_map(|size| ["--size", size]));
    args.extend(["--name", &file.path, "--to", &to, "--partial", PARTIAL]);
    let cache = Mount {
        path: PARTIAL.into(),
        kind: MountKind::Cache {
            id: "modelcrate-models".into(),
            sharing: Sharing::Shared,
        },
    };
    let name = format!("download {}/{}", model.name.value, file.path);
    run(steps, facts, name, file.span, &args, token, vec![cache])
}

/// A step of the fetcher, on an empty root.
pub(super) fn run(
    steps: &mut Steps,
    facts: &Facts,
    name: String,
    span: Span,
    args: &[&str],
    token: Option<&str>,
    mut mounts: Vec<Mount>,
) -> StepId {
    mounts.push(program(steps, facts, span));
    let mut args: Vec<String> = std::iter::once(PROGRAM)
        .chain(args.iter().copied())
        .map(ToOwned::to_owned)
        .collect();
    if let Some(id) = token {
        args.extend(["--token-file".to_owned(), TOKEN.to_owned()]);
        mounts.push(Mount {
            path: TOKEN.into(),
            kind: MountKind::Secret {
                id: id.to_owned(),
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
fn program(steps: &mut Steps, facts: &Facts, span: Span) -> Mount {
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
