//! Steps that weigh layers, each its own: a layer that did not change is not weighed again.

use buildkit_llb::{
    Action, ContentCache, Copy, Exec, File, Meta, Mount, MountKind, NetworkMode, Output, Root,
};

use super::Lowered;
use crate::measure;
use crate::plan::StepId;
use crate::source::Span;

/// Where the program lies in the frontend's image.
const PROGRAM: &str = "/modelcrate";
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

    fn weighing(&self, words: &str, span: Span) -> Meta {
        Meta {
            name: Some(self.ground.prefixed("[budget]", words)),
            locations: vec![self.ground.spec.location(span)],
            platform: Some(self.ground.build.clone()),
            ..Meta::default()
        }
    }
}

fn exec(program: Output, layer: Output, compressed: bool) -> Exec {
    let flag = compressed.then_some(measure::COMPRESSED);
    let report = format!("{REPORTS}/report");
    let args = [PROGRAM, measure::COMMAND]
        .into_iter()
        .chain(flag)
        .chain([TREE, &report]);
    Exec {
        root: Root {
            input: Some(program),
            readonly: false,
        },
        args: args.map(ToOwned::to_owned).collect(),
        cwd: "/".into(),
        network: NetworkMode::None,
        mounts: vec![
            // Known by what makes it: to compare its bytes, the engine would have to read them all.
            bind(TREE, Some(layer), false),
            bind(REPORTS, None, true),
        ],
        ..Exec::default()
    }
}

fn bind(dest: &str, input: Option<Output>, output: bool) -> Mount {
    let kind = MountKind::Bind {
        input,
        selector: None,
        readonly: !output,
        output,
        content_cache: if output {
            ContentCache::Default
        } else {
            ContentCache::Off
        },
    };
    Mount {
        dest: dest.into(),
        kind,
    }
}
