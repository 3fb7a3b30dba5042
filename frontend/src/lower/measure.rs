//! Steps that weigh layers, each its own: a layer that did not change is not weighed again.
//!
//! A cache is exported from the image's own graph, which has no use for weights: an empty engine would weigh all layers
//! again, and download them for it. So a small layer of the image comes after them, without a byte of theirs.

use buildkit_llb::{Action, ContentCache, Copy, Exec, File, Meta, Mount, MountKind, NetworkMode, Output};

use super::{Lowered, Made, files};
use crate::measure;
use crate::plan::{self, StepId};
use crate::source::Span;

/// Where the program lies, in the frontend's image and in a step.
const PROGRAM: &str = "/modelcrate";
/// Stages whose files are few: they are made twice, so that what is weighed does not come after its own weight.
const SMALL: [&str; 3] = ["launcher", "python", "user"];
/// Where a step sees the layer.
const TREE: &str = "/tree";
/// Where it writes.
const REPORTS: &str = "/reports";

impl Lowered<'_> {
    /// What each of `layers` weighs: `/0`, `/1`, … of the result, in the form of [`measure::Report`]. `None` when there is
    /// nothing to weigh, or nothing to weigh it with.
    pub fn measure(&mut self, layers: &[StepId], compressed: bool, span: Span) -> Option<Output> {
        let mut actions = Vec::new();
        for (number, id) in layers.iter().enumerate() {
            let Some(layer) = self.files(*id) else { continue };
            let words = format!(
                "{}/{} weigh: {}",
                number + 1,
                layers.len(),
                self.steps[id.index()].name
            );
            let meta = self.weighing(&words, span);
            let report = exec(self.ground.frontend_image.clone()?, layer, compressed)
                .outputs(meta)
                .mount(REPORTS)?;
            actions.push(Action::Copy(Copy {
                from: Some(report),
                src: "/report".into(),
                dest: format!("/{number}"),
                ..Copy::default()
            }));
        }
        let meta = Meta {
            platform: None,
            ..self.weighing("collect what was weighed", span)
        };
        (!actions.is_empty()).then(|| File { base: None, actions }.output(meta))
    }

    /// Has a layer of `image` come after `reports`: one that is made in no time and that no command of the image stands on.
    /// Where there is none, the image stays as it is.
    pub fn come_after(&mut self, image: &[StepId], reports: &Output) {
        let is_command = |id: &StepId| matches!(self.made[id.index()], Made::Root(_));
        let standing = image.iter().rposition(is_command).map_or(0, |at| at + 1);
        let small = image[standing..].iter().rev().find_map(|id| {
            let step = &self.steps[id.index()];
            match &step.action {
                plan::Action::Files(actions) if SMALL.contains(&step.stage) => Some((id.index(), actions)),
                _ => None,
            }
        });
        if let (Some((index, actions)), true) = (small, self.ground.merges) {
            let meta = self.meta(index, &self.steps[index]);
            let files = files::lower_after(self, actions, Some(reports.clone()), meta);
            self.made[index] = Made::Files(files);
        }
    }

    fn weighing(&self, words: &str, span: Span) -> Meta {
        Meta {
            name: Some(self.ground.prefixed("[budget]", words)),
            locations: vec![self.ground.spec.location(span)],
            platform: Some(self.ground.build.clone()),
            ..Meta::default()
        }
    }
}

fn exec(frontend: Output, layer: Output, compressed: bool) -> Exec {
    let flag = compressed.then_some(measure::COMPRESSED);
    let report = format!("{REPORTS}/report");
    let args = [PROGRAM, measure::COMMAND]
        .into_iter()
        .chain(flag)
        .chain([TREE, &report]);
    // Known by its bytes: an image is known by one of two keys, and which of them a cache was exported with is chance.
    let program = MountKind::Bind {
        input: Some(frontend),
        selector: Some(PROGRAM.into()),
        readonly: true,
        output: false,
        content_cache: ContentCache::Default,
    };
    // Known by what makes it: to compare its bytes, the engine would have to read them all.
    let tree = MountKind::Bind {
        input: Some(layer),
        selector: None,
        readonly: true,
        output: false,
        content_cache: ContentCache::Off,
    };
    let reports = MountKind::Bind {
        input: None,
        selector: None,
        readonly: false,
        output: true,
        content_cache: ContentCache::Default,
    };
    let mount = |(dest, kind): (&str, MountKind)| Mount {
        dest: dest.into(),
        kind,
    };
    Exec {
        args: args.map(ToOwned::to_owned).collect(),
        cwd: "/".into(),
        network: NetworkMode::None,
        mounts: [(PROGRAM, program), (TREE, tree), (REPORTS, reports)]
            .map(mount)
            .into(),
        ..Exec::default()
    }
}
