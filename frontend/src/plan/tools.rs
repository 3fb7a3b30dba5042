//! Programs for people who work inside the image.

use super::{Action, CopyAction, FileAction, On, Step, StepId, Steps, Tree, python};
use crate::check::{Checked, Tool};
use crate::source::Spanned;

/// One layer for each tool.
pub(super) fn tools(steps: &mut Steps, checked: &Checked) -> Tree {
    checked
        .tools
        .iter()
        .map(|tool| layer(steps, checked, tool))
        .collect()
}

fn layer(steps: &mut Steps, checked: &Checked, tool: &Spanned<Tool>) -> StepId {
    let Tool::Uv = tool.value;
    let image = python::uv_image(checked);
    let from = steps.image("tools", &image, tool.span, On::Target);
    let copy = |name: &str| {
        FileAction::Copy(CopyAction {
            from,
            source: format!("/usr/local/bin/{name}"),
            dest: format!("/usr/local/bin/{name}"),
            owner: None,
            mode: None,
            exclude: Vec::new(),
            optional: false,
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
