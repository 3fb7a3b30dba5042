//! Files of the systems around an image: `bake`, `compose`, `k8s`, `ci.github` and `ci.gitlab`, as the command writes them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::{Build, Failure, facts, warnings};
use super::{Answer, By, Call};
use crate::around::{self, Cluster, RenderError, Subject, Target};
use crate::diagnostic::{Diagnostic, shown};
use crate::source::Source;

/// Every target, for one platform or several.
pub(super) const BAKE: Call = Call {
    name: "frontend.bake",
    aliases: &[],
    version: "1.0.0",
    description: "Print a docker-bake.hcl with every target",
    by: By::Spec(|build| Box::pin(async { said(around::bake(&subject(build)?)) })),
};

/// A target as a service.
pub(super) const COMPOSE: Call = Call {
    name: "frontend.compose",
    aliases: &[],
    version: "1.0.0",
    description: "Print a compose.yaml with the target as a service",
    by: By::Spec(|build| Box::pin(async { of_target(build, around::compose) })),
};

/// A target in a cluster.
pub(super) const KUBERNETES: Call = Call {
    name: "frontend.k8s",
    aliases: &["kubernetes"],
    version: "1.0.0",
    description: "Print manifests for Kubernetes; build args K8S_IMAGE, K8S_MODEL_IMAGE, K8S_MODEL_CACHE name images",
    by: By::Spec(|build| {
        Box::pin(async {
            let cluster = cluster(&build.options.build_args);
            of_target(build, |subject, target| {
                around::kubernetes(subject, target, &cluster)
            })
        })
    }),
};

/// A workflow of GitHub.
pub(super) const GITHUB: Call = Call {
    name: "frontend.ci.github",
    aliases: &["github"],
    version: "1.0.0",
    description: "Print a GitHub workflow that checks, builds, signs and scans the target",
    by: By::Spec(|build| Box::pin(async { of_target(build, around::github) })),
};

/// A pipeline of GitLab.
pub(super) const GITLAB: Call = Call {
    name: "frontend.ci.gitlab",
    aliases: &["gitlab"],
    version: "1.0.0",
    description: "Print a GitLab pipeline that checks, builds, signs and scans the target",
    by: By::Spec(|build| Box::pin(async { of_target(build, around::gitlab) })),
};

/// What a spec does not say of the cluster: clients hand on nothing for a call but build args.
fn cluster(build_args: &BTreeMap<String, String>) -> Cluster {
    let image = |name: &str| build_args.get(name).cloned();
    Cluster {
        image: image("K8S_IMAGE"),
        models: image("K8S_MODEL_IMAGE"),
        cache: image("K8S_MODEL_CACHE"),
    }
}

fn of_target(
    build: &Build,
    text: impl Fn(&Subject, &Target) -> Result<String, RenderError>,
) -> Result<Answer, Failure> {
    let subject = subject(build)?;
    let name = build.options.target.as_deref().filter(|name| !name.is_empty());
    match subject.target(name) {
        Some(target) => said(text(&subject, target)),
        // What a build says of it.
        None => Err(mistakes(
            build,
            &warnings::checked(build, name, &build.platforms()).1,
        )),
    }
}

fn said(text: Result<String, RenderError>) -> Result<Answer, Failure> {
    text.map(Answer::text)
        .map_err(|error| Failure::bug(&error.to_string()))
}

fn subject(build: &Build) -> Result<Subject, Failure> {
    let source = Source::new(path(build).display().to_string(), build.spec.source.text.as_str());
    let (build_args, _) = facts::builder_args(&build.options);
    Subject::read(&source, &build_args).map_err(|found| mistakes(build, &found))
}

fn mistakes(build: &Build, found: &[Diagnostic]) -> Failure {
    let spec = build.spec.shown_as(shown(&build.spec.source, found));
    Failure::diagnostics(&spec, found)
}

/// The path of the spec in the context. Clients say its name without the folder, but in a git repository where both folders are
/// (buildx `build/git.go`, `vcs:localdir:*`).
fn path(build: &Build) -> PathBuf {
    let name = Path::new(&build.spec.source.name);
    let folder = |of: &str| build.options.vcs.get(&format!("localdir:{of}")).map(Path::new);
    let (Some(spec), Some(context)) = (folder("dockerfile"), folder("context")) else {
        return name.to_owned();
    };
    let context = context.strip_prefix(".").unwrap_or(context);
    let spec = spec.strip_prefix(".").unwrap_or(spec);
    spec.strip_prefix(context)
        .map_or_else(|_| name.to_owned(), |folder| folder.join(name))
}
