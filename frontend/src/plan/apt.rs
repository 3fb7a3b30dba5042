//! Debian packages: one step, sorted, archives and lists in cache mounts, nothing left in the layer.

use super::{
    Action, Exec, ImageFacts, Keep, MTIME, Mount, MountKind, On, Step, StepId, Steps, Tree, script_path,
};
use crate::check::Sharing;
use crate::source::Spanned;

const SCRIPT: &str = include_str!("scripts/apt.sh");

/// Installs `packages` on `root`; nothing when there are none.
pub(super) fn packages(
    steps: &mut Steps,
    packages: &[Spanned<String>],
    root: &Tree,
    image: &ImageFacts,
) -> Option<StepId> {
    let span = packages
        .iter()
        .map(|package| package.span)
        .reduce(|a, b| a.to(b))?;
    let mut names: Vec<String> = packages.iter().map(|package| package.value.clone()).collect();
    names.sort();
    names.dedup();
    let name = format!("install {}", names.join(" "));
    let mut args = vec!["/bin/sh".into(), script_path("apt.sh"), MTIME.to_string()];
    args.extend(names);
    let action = Action::Exec(Exec {
        root: root.clone(),
        keep: Keep::Changes,
        args,
        env: image.config.config.env_pairs(),
        cwd: "/".into(),
        mounts: vec![
            steps.script("apt", "apt.sh", SCRIPT, span),
            cache("/var/cache/modelcrate/archives", "modelcrate-apt-archives"),
            cache("/var/cache/modelcrate/lists", "modelcrate-apt-lists"),
        ],
        secret_env: Vec::new(),
        network: None,
    });
    Some(steps.add(Step {
        stage: "apt",
        name,
        span,
        platform: On::Target,
        action,
    }))
}

/// apt locks its folders, so two steps must not use them at once.
fn cache(path: &str, id: &str) -> Mount {
    Mount {
        path: path.into(),
        kind: MountKind::Cache {
            id: id.into(),
            sharing: Sharing::Locked,
        },
    }
}
