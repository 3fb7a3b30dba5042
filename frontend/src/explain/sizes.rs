//! What each layer will weigh, as far as locks and hubs know before anything is downloaded.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::Checked;
use crate::plan::{Action, Exec, Facts, FileAction, MountKind, Plan, StepId, pieces};
use crate::python::{Environment, Lock};

/// The parts of a lock, as the steps see them.
const PART: &str = "/run/modelcrate/pylock.";

/// The layers of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sizes {
    /// The target; left out for the spec itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The platform that the image is for.
    pub platform: String,
    /// The layers, the lowest first.
    pub layers: Vec<Size>,
    /// Bytes of all that is known: the least that is downloaded.
    pub download: u64,
    /// Bytes of all that is known: the least that the image's files have.
    pub unpacked: u64,
}

/// One layer. What is left out is known only once the layer is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Size {
    /// `python`, `models`, …
    pub stage: &'static str,
    /// What makes it.
    pub name: String,
    /// Bytes that are downloaded for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub download: Option<u64>,
    /// Bytes of its files in the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpacked: Option<u64>,
    /// Packages or files of it whose size is not known: the numbers are then the least that it can be.
    #[serde(skip_serializing_if = "is_zero")]
    pub unknown: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Weighs the layers of a plan.
pub fn sizes(plan: &Plan, checked: &Checked, facts: &Facts, platform: &str) -> Sizes {
    let scale = Scale {
        plan,
        models: models(checked, facts),
        environment: facts
            .python_version
            .clone()
            .and_then(|version| Environment::linux(version, &facts.target.1)),
    };
    let layers: Vec<Size> = plan.image.iter().map(|id| scale.layer(*id)).collect();
    Sizes {
        target: checked.target.clone(),
        platform: platform.to_owned(),
        download: layers.iter().filter_map(|layer| layer.download).sum(),
        // What is packed in a wheel is no smaller than the wheel.
        unpacked: layers
            .iter()
            .filter_map(|layer| layer.unpacked.or(layer.download))
            .sum(),
        layers,
    }
}

/// Files of models by where they lie in the image.
fn models(checked: &Checked, facts: &Facts) -> BTreeMap<String, u64> {
    let files = checked.models.iter().flat_map(|model| {
        let sized = pieces(model, facts).into_iter();
        sized.filter_map(|file| Some((format!("{}/{}", model.folder, file.path), file.size?)))
    });
    files.collect()
}

struct Scale<'a> {
    plan: &'a Plan,
    models: BTreeMap<String, u64>,
    environment: Option<Environment>,
}

impl Scale<'_> {
    fn layer(&self, id: StepId) -> Size {
        let step = self.plan.step(id);
        let size = Size {
            stage: step.stage,
            name: step.name.clone(),
            download: None,
            unpacked: None,
            unknown: 0,
        };
        match &step.action {
            Action::Files(actions) => self.files(actions, size),
            Action::Exec(exec) => self.packages(exec).map_or(size.clone(), |(bytes, unknown)| Size {
                download: (bytes > 0).then_some(bytes),
                unknown,
                ..size
            }),
            _ => size,
        }
    }

    /// What we write is known, and what a hub lists; nothing else that is copied is.
    fn files(&self, actions: &[FileAction], size: Size) -> Size {
        let (mut written, mut downloaded, mut unknown) = (0, 0, 0);
        for action in actions {
            match action {
                FileAction::File { text, .. } => written += text.len() as u64,
                FileAction::Copy(copy) => match self.models.get(&copy.dest) {
                    Some(bytes) => downloaded += bytes,
                    None => unknown += 1,
                },
                FileAction::Folder { .. } | FileAction::Link { .. } | FileAction::Origin(_) => {}
            }
        }
        let known = unknown == 0 || downloaded > 0;
        Size {
            download: (downloaded > 0).then_some(downloaded),
            unpacked: known.then_some(written + downloaded),
            unknown: if known { unknown } else { 0 },
            ..size
        }
    }

    /// The wheels of a part of the lock: their bytes, and how many packages have no size in it.
    fn packages(&self, exec: &Exec) -> Option<(u64, usize)> {
        let environment = self.environment.as_ref()?;
        let lock = Lock::parse(self.part(exec)?).ok()?;
        let sizes: Vec<Option<u64>> = lock
            .packages
            .iter()
            .map(|package| package.wheel_size(environment))
            .collect();
        let unknown = sizes.iter().filter(|size| size.is_none()).count();
        Some((sizes.into_iter().flatten().sum(), unknown))
    }

    /// The text of the part that a step installs.
    fn part(&self, exec: &Exec) -> Option<&str> {
        let from = exec.mounts.iter().find_map(|mount| match &mount.kind {
            MountKind::Files { from, .. } if mount.path.starts_with(PART) => Some(*from),
            _ => None,
        })?;
        let Action::Files(actions) = &self.plan.step(from).action else {
            return None;
        };
        actions.iter().find_map(|action| match action {
            FileAction::File { text, .. } => Some(text.as_str()),
            _ => None,
        })
    }
}
