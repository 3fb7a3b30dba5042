//! The launcher, in images that ask for it: it answers health checks where no curl is, looks at the container before the
//! program starts, and stays as its first process. What it does is baked into the image beside it.

#[cfg(test)]
mod tests;

use modelcrate_fetcher::manifest::PATH;
use modelcrate_launcher::{BAKED, Baked, Gpu, PROGRAM, Port, Preflight};
use serde::Serialize;

use super::{Action, Facts, FileAction, On, Step, StepId, Steps, Tree, models, system};
use crate::check::{Checked, Cuda, Deliver, GpuPreflight, HealthTest, User};
use crate::cuda::least_driver;
use crate::source::Span;

/// The words in front of an image's own entrypoint.
const START: [&str; 2] = [PROGRAM, "run"];

/// Where the spec asks for the launcher, in the words of its key; nothing where it does not.
pub fn asks_for_launcher(checked: &Checked) -> Option<(&'static str, Span)> {
    let check = checked.healthcheck.as_ref();
    let check = check.filter(|check| matches!(check.test, HealthTest::Url(_)));
    check
        .map(|check| ("a health check by URL", check.span))
        .or_else(|| at_start(checked))
}

fn at_start(checked: &Checked) -> Option<(&'static str, Span)> {
    let preflight = checked.preflight.as_ref();
    preflight
        .map(|preflight| ("`preflight`", preflight.span))
        .or_else(|| checked.init.map(|span| ("`init`", span)))
        .or_else(|| Some(("`deliver: fetch`", checked.fetched_model()?.span)))
}

/// The programs, which are the same layers in every image, and what is baked in for them.
pub(super) fn launcher(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    let mut tree = Tree::new();
    if let Some((_, span)) = asks_for_launcher(checked) {
        tree.push(program(steps, span, facts));
    }
    if let Some(model) = checked.fetched_model() {
        tree.push(models::fetcher(steps, model.span, facts));
    }
    tree.extend(bake(steps, checked, facts));
    tree
}

/// The entrypoint of the image: the launcher starts its own one. The arguments of `docker run` follow either.
pub(super) fn entrypoint(checked: &Checked, facts: &Facts) -> Option<Vec<String>> {
    let own = own_entrypoint(checked, facts);
    if at_start(checked).is_none() {
        return checked
            .entrypoint
            .as_ref()
            .map(|entrypoint| entrypoint.value.clone())
            .or(own);
    }
    let words = START.iter().map(ToString::to_string);
    Some(words.chain(own.unwrap_or_default()).collect())
}

/// The program that the image is, without a launcher that its base may have in front.
fn own_entrypoint(checked: &Checked, facts: &Facts) -> Option<Vec<String>> {
    if let Some(entrypoint) = &checked.entrypoint {
        return Some(entrypoint.value.clone());
    }
    let base = facts
        .image(&checked.base.image.as_ref()?.value)
        .config
        .config
        .entrypoint?;
    if at_start(checked).is_some() && base.starts_with(&START.map(str::to_owned)) {
        return Some(base[START.len()..].to_vec());
    }
    Some(base)
}

fn program(steps: &mut Steps, span: Span, facts: &Facts) -> StepId {
    let source = format!("/launcher/{}", facts.target.1);
    steps.program("launcher", "add the launcher".into(), span, source, PROGRAM)
}

/// What the launcher does at the start, and the models; these also where somebody else must bring them.
fn bake(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Option<StepId> {
    let start = at_start(checked);
    let outside = checked.models.iter().find(|model| model.deliver != Deliver::Bake);
    let span = start.map(|(_, span)| span).or(outside.map(|model| model.span))?;
    let folder = BAKED.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let folder = FileAction::Folder {
        path: folder.into(),
        mode: 0o755,
        owner: None,
    };
    let baked = start.map(|_| json(BAKED, &baked(checked, facts)));
    let models = models::manifest(checked, facts).map(|models| json(PATH, &models));
    let files = std::iter::once(folder).chain(baked).chain(models);
    let name = match start {
        Some(_) => "say what it looks at",
        None => "say which models belong here",
    };
    Some(steps.add(Step {
        stage: "launcher",
        name: name.into(),
        span,
        platform: On::Any,
        action: Action::Files(files.collect()),
    }))
}

fn json(path: &str, value: &impl Serialize) -> FileAction {
    // Maps of texts, numbers and lists always have a text.
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    FileAction::File {
        path: path.into(),
        mode: 0o644,
        text,
    }
}

fn baked(checked: &Checked, facts: &Facts) -> Baked {
    Baked {
        entrypoint: own_entrypoint(checked, facts).unwrap_or_default(),
        init: checked.init.is_some(),
        preflight: checked.preflight.as_ref().map(|preflight| Preflight {
            skip_for: preflight.skip_for.clone(),
            workspace: preflight.workspace.as_ref().map(|path| path.value.clone()),
            hf_home: preflight.hf_home,
            hf_token: preflight.hf_token,
            gpu: preflight.gpu.as_ref().map(|gpu| self::gpu(gpu, checked)),
            shm: preflight.shm,
            writable: preflight.writable.iter().map(|path| path.value.clone()).collect(),
            ports: if preflight.ports {
                ports(checked)
            } else {
                Vec::new()
            },
            models: preflight.models && !checked.models.is_empty(),
            uid: if preflight.user { uid(checked, facts) } else { None },
        }),
    }
}

fn gpu(gpu: &GpuPreflight, checked: &Checked) -> Gpu {
    let cuda = checked.cuda.as_ref();
    let version = cuda.and_then(Cuda::version);
    Gpu {
        skip_for: gpu.skip_for.clone(),
        cuda: version.map(|version| version.to_string()),
        driver: version
            .and_then(|version| least_driver(version.major))
            .map(str::to_owned),
        archs: cuda
            .into_iter()
            .flat_map(|cuda| &cuda.archs)
            .map(|arch| arch.value.to_string())
            .collect(),
    }
}

fn ports(checked: &Checked) -> Vec<Port> {
    let port = |port: &crate::check::Port| Port {
        number: port.number,
        udp: port.protocol == "udp",
    };
    checked.ports.iter().map(port).collect()
}

/// The uid that the image runs as; not known where the base names its user.
fn uid(checked: &Checked, facts: &Facts) -> Option<u32> {
    match system::user(checked, facts) {
        User::Root(_) => Some(0),
        User::Ids { uid, .. } | User::Named { uid, .. } => Some(uid),
        User::Inherit => {
            let base = facts.image(&checked.base.image.as_ref()?.value);
            base.config.config.user.split(':').next()?.parse().ok()
        }
    }
}
