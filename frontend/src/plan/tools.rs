//! Programs for people who work inside the image.

use super::{Action, CopyAction, Facts, FileAction, On, Step, StepId, Steps, Tree, python};
use crate::check::{Checked, Tool};
use crate::source::Spanned;

/// One layer for each tool.
pub(super) fn tools(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    checked
        .tools
        .iter()
        .map(|tool| layer(steps, checked, facts, tool))
        .collect()
}

fn layer(steps: &mut Steps, checked: &Checked, facts: &Facts, tool: &Spanned<Tool>) -> StepId {
    let Tool::Uv = tool.value;
    let uv = python::uv_image(checked, facts);
    let from = steps.image("tools", &uv.image, tool.span, On::Target);
    let copy = |name: &str| {
        FileAction::Copy(CopyAction {
            from,
            source: format!("{}/{name}", uv.folder),
            dest: format!("/usr/local/bin/{name}"),
            owner: None,
            mode: None,
            exclude: Vec::new(),
        })
    };
    let action = Action::Files(vec![copy("uv"), copy("uvx")]);
    steps.add(Step {
        stage: "tools",
        name: "add uv".into(),
        span: tool.span,
        platform: On::Target,
        action,
    })
}
