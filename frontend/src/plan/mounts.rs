//! Files of elsewhere that a command sees.

use super::{Facts, Key, Mount, MountKind, On, StepId, Steps, Tree, sources};
use crate::check::{Checked, FilesMount, MountFrom, Run};

/// What mounts may be taken of besides images and targets.
pub(super) struct Made<'a> {
    /// What other stages make, by their names.
    pub stages: &'a [(&'static str, Tree)],
    /// What earlier commands keep, by their names.
    pub outputs: &'a [(String, StepId)],
}

/// The mounts of a command.
pub(super) fn mounts(
    steps: &mut Steps,
    run: &Run,
    checked: &Checked,
    facts: &Facts,
    made: &Made<'_>,
) -> Vec<Mount> {
    let mounts = run.mounts.iter();
    mounts
        .filter_map(|mount| {
            let (from, key) = origin(steps, mount, checked, facts, made)?;
            let selector = (mount.src.value != "/").then(|| mount.src.value.clone());
            Some(Mount {
                path: mount.dest.value.clone(),
                kind: MountKind::Files { from, selector, key },
            })
        })
        .collect()
}

/// Where files come from, and what makes the command run again. What stages make is large: its content would have to be fetched
/// to find out that nothing changed.
fn origin(
    steps: &mut Steps,
    mount: &FilesMount,
    checked: &Checked,
    facts: &Facts,
    made: &Made<'_>,
) -> Option<(StepId, Key)> {
    Some(match &mount.from {
        MountFrom::Context => {
            let words = "files of a command";
            (
                sources::context(steps, "run", words, &[&mount.src], &[]),
                Key::Bytes,
            )
        }
        MountFrom::Image(image) => {
            // What a named context holds is known by its content alone.
            let key = match facts.image(image).digest {
                Some(_) => Key::Name,
                None => Key::Bytes,
            };
            (steps.image("run", &image.value, image.span, On::Target), key)
        }
        MountFrom::Target(name) => {
            let from = sources::target(steps, name, &[&mount.src.value], checked, facts)?;
            (from, Key::Bytes)
        }
        MountFrom::Step(name) => {
            let (_, from) = made.outputs.iter().find(|(known, _)| *known == name.value)?;
            (*from, Key::Bytes)
        }
        MountFrom::Stage(name) => {
            let (_, tree) = made.stages.iter().find(|(known, _)| *known == name.value)?;
            let words = format!("files of {}", name.value);
            (sources::laid(steps, words, name, tree.clone()), Key::Name)
        }
    })
}
