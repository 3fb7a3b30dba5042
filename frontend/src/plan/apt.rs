//! Debian packages: one step, sorted, archives and lists in cache mounts, nothing left in the layer.

use super::{
    Action, DOWNLOADED, Download, Exec, ImageFacts, Keep, Key, MTIME, Mount, MountKind, On, Step, StepId,
    Steps, Tree, script_path, sources,
};
use crate::check::{Apt, Repository, RepositoryKey, Sharing};
use crate::source::Spanned;

const SCRIPT: &str = include_str!("scripts/apt.sh");

/// Installs what the image asks for on `root`; nothing when it asks for nothing.
pub(super) fn install(steps: &mut Steps, apt: &Apt, root: &Tree, image: &ImageFacts) -> Option<StepId> {
    let mounts: Vec<Mount> = apt
        .repositories
        .iter()
        .enumerate()
        .flat_map(|(number, repository)| self::repository(steps, number, repository))
        .collect();
    installed(steps, &apt.packages, mounts, root, (image, On::Target))
}

/// Installs `packages` on `root`, which is of the target platform; nothing when there are none.
pub(super) fn packages(
    steps: &mut Steps,
    packages: &[Spanned<String>],
    root: &Tree,
    image: &ImageFacts,
) -> Option<StepId> {
    packages_on(steps, packages, root, image, On::Target)
}

/// The same on a root of any platform.
pub(super) fn packages_on(
    steps: &mut Steps,
    packages: &[Spanned<String>],
    root: &Tree,
    image: &ImageFacts,
    platform: On,
) -> Option<StepId> {
    installed(steps, packages, Vec::new(), root, (image, platform))
}

fn installed(
    steps: &mut Steps,
    packages: &[Spanned<String>],
    repositories: Vec<Mount>,
    root: &Tree,
    (image, platform): (&ImageFacts, On),
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
    let mut mounts = vec![
        steps.script("apt", "apt.sh", SCRIPT, span),
        cache("/var/cache/modelcrate/archives", "modelcrate-apt-archives"),
        cache("/var/cache/modelcrate/lists", "modelcrate-apt-lists"),
    ];
    mounts.extend(repositories);
    let action = Action::Exec(Exec {
        root: root.clone(),
        root_key: Key::Name,
        keep: Keep::Changes,
        args,
        env: image.config.config.env_pairs(),
        cwd: "/".into(),
        mounts,
        secret_env: Vec::new(),
        network: None,
    });
    Some(steps.add(Step {
        stage: "apt",
        name,
        span,
        platform,
        action,
    }))
}

/// The sources of a repository, in deb822 form without `Signed-By`, and its key, where the script looks for them.
fn repository(steps: &mut Steps, number: usize, repository: &Repository) -> [Mount; 2] {
    let components = repository.components.join(" ");
    let mut sources = format!(
        "Types: deb\nURIs: {}\nSuites: {}\n",
        repository.url.value,
        repository.suites.join(" ")
    );
    if !components.is_empty() {
        sources += &format!("Components: {components}\n");
    }
    let end = if repository.keep { "keep" } else { "once" };
    let name = format!("apt-{number}.{end}");
    let sources = steps.script("apt", &name, &sources, repository.span);
    let (from, selector) = key(steps, number, repository);
    let kind = MountKind::Files {
        from,
        selector: Some(selector),
        key: Key::Bytes,
    };
    let path = script_path(&format!("apt-{number}.{end}.key"));
    [sources, Mount { path, kind }]
}

fn key(steps: &mut Steps, number: usize, repository: &Repository) -> (StepId, String) {
    match &repository.key {
        RepositoryKey::Context(path) => {
            let from = sources::context(steps, "apt", "key of a repository", &[path], &[]);
            (from, path.value.clone())
        }
        RepositoryKey::Text(text) => {
            let name = format!("apt-{number}.asc");
            (
                steps.text("apt", &name, text, repository.span),
                format!("/{name}"),
            )
        }
        RepositoryKey::Url { url, sha256 } => {
            let action = Action::Download(Download {
                url: url.value.clone(),
                sha256: sha256.clone(),
                token: None,
            });
            let from = steps.add(Step {
                stage: "apt",
                name: format!("download {}", url.value),
                span: url.span,
                platform: On::Any,
                action,
            });
            (from, DOWNLOADED.into())
        }
    }
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
