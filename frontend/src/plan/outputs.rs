//! What the image keeps of a command in a build stage.

use super::{Action, CopyAction, Facts, FileAction, On, Step, StepId, Steps, parents};
use crate::check::{Checked, Output, Run};

/// The layer of a command's outputs.
pub(super) fn layer(steps: &mut Steps, run: &Run, from: StepId, checked: &Checked, facts: &Facts) -> StepId {
    let mut actions: Vec<FileAction> = Vec::new();
    for output in &run.outputs {
        for parent in parents::parents(&output.dest.value, output.owner, checked, facts) {
            if !actions.contains(&parent) {
                actions.push(parent);
            }
        }
    }
    actions.extend(run.outputs.iter().map(|output| copy(output, from)));
    let paths: Vec<&str> = run
        .outputs
        .iter()
        .map(|output| output.dest.value.as_str())
        .collect();
    steps.add(Step {
        stage: "run",
        name: format!("keep {}", paths.join(" ")),
        span: run.span,
        platform: On::Any,
        action: Action::Files(actions),
    })
}

fn copy(output: &Output, from: StepId) -> FileAction {
    FileAction::Copy(CopyAction {
        from,
        source: output.src.value.clone(),
        dest: output.dest.value.clone(),
        owner: output.owner,
        mode: output.mode.as_ref().map(|mode| mode.value.clone()),
        exclude: Vec::new(),
    })
}
