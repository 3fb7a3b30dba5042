//! The launcher, in images that ask for it: it answers health checks where no curl is.

use super::{Action, CopyAction, Facts, FileAction, On, Step, StepId, Steps};
use crate::check::{Checked, HealthTest};

/// Where the launcher lies in the image.
pub(super) const LAUNCHER: &str = "/usr/local/bin/modelcrate-launcher";

/// The layer of the launcher, when the health check asks a URL.
pub(super) fn launcher(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Option<StepId> {
    let check = checked.healthcheck.as_ref()?;
    let HealthTest::Url(_) = check.test else {
        return None;
    };
    let span = check.span;
    let from = steps.add(Step {
        stage: "launcher",
        name: "from the frontend".into(),
        span,
        platform: On::Any,
        action: Action::FrontendImage,
    });
    let action = Action::Files(vec![FileAction::Copy(CopyAction {
        from,
        source: format!("/launcher/{}", facts.target.1),
        dest: LAUNCHER.into(),
        owner: None,
        mode: Some("0755".into()),
        exclude: Vec::new(),
        optional: false,
    })]);
    Some(steps.add(Step {
        stage: "launcher",
        name: "add the launcher".into(),
        span,
        platform: On::Any,
        action,
    }))
}
