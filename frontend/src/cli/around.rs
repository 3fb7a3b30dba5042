//! Files for the systems around an image: read a spec, check it, write.

use std::collections::BTreeMap;

use super::arguments::{CiSystem, Kubernetes, Written};
use super::failure::Failure;
use super::print;
use crate::around::{self, Cluster, RenderError, Subject, Target};
use crate::diagnostic::render_coloured;
use crate::source::Source;

/// `bake`.
pub(super) fn bake(written: &Written) -> Result<i32, Failure> {
    said(around::bake(&subject(written)?))
}

/// `compose`.
pub(super) fn compose(written: &Written) -> Result<i32, Failure> {
    of_target(written, around::compose)
}

/// `ci github` and `ci gitlab`.
pub(super) fn ci(system: CiSystem, written: &Written) -> Result<i32, Failure> {
    match system {
        CiSystem::Github => of_target(written, around::github),
        CiSystem::Gitlab => of_target(written, around::gitlab),
    }
}

/// `k8s`.
pub(super) fn kubernetes(kubernetes: Kubernetes) -> Result<i32, Failure> {
    let cluster = Cluster {
        image: kubernetes.image,
        models: kubernetes.model_image,
        cache: kubernetes.model_cache,
    };
    of_target(&kubernetes.written, |subject, target| {
        around::kubernetes(subject, target, &cluster)
    })
}

fn of_target(
    written: &Written,
    text: impl Fn(&Subject, &Target) -> Result<String, RenderError>,
) -> Result<i32, Failure> {
    let subject = subject(written)?;
    let name = written.target.as_deref();
    let Some(target) = subject.target(name) else {
        let failure = Failure::new(format!("no target is called `{}`", name.unwrap_or_default()));
        let names: Vec<&str> = subject
            .targets
            .iter()
            .filter_map(|target| target.name.as_deref())
            .collect();
        return Err(match names.is_empty() {
            true => failure.hint("the spec has no targets"),
            false => failure.hint(format!("it has {}", names.join(", "))),
        });
    };
    said(text(&subject, target))
}

fn said(text: Result<String, RenderError>) -> Result<i32, Failure> {
    print(&text.map_err(|error| Failure::new(format!("this is a bug in modelcrate: {error}")))?)
}

/// Reads the spec and all its targets. Mistakes are drawn as a build draws them.
fn subject(written: &Written) -> Result<Subject, Failure> {
    let path = written.file.display().to_string();
    let text = std::fs::read_to_string(&written.file)
        .map_err(|cause| Failure::new(format!("`{path}` cannot be read: {cause}")))?;
    let source = Source::new(path, text);
    let mut build_args = BTreeMap::new();
    for arg in &written.build_args {
        let Some((name, value)) = arg.split_once('=') else {
            return Err(Failure::new(format!("`{arg}` has no value")).hint("write `--build-arg NAME=VALUE`"));
        };
        build_args.insert(name.to_owned(), value.to_owned());
    }
    Subject::read(&source, &build_args).map_err(|found| Failure::drawn(render_coloured(&source, &found)))
}
