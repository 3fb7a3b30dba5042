//! `plan`: what is done, and what is done again when which file changes. `plan.mermaid` draws it.

use super::super::planned::planned;
use super::super::{Build, Failure, warnings};
use super::{Answer, By, Call};
use crate::explain::{self, Explanation, explain};

/// Our own question.
pub(super) const CALL: Call = Call {
    name: "frontend.plan",
    aliases: &[],
    version: "1.0.0",
    description: "List stages, steps and mounts, and what runs again when a file changes",
    by: By::Spec(|build| Box::pin(answer(build))),
};

/// The same as a picture. Clients hand on no format but the name of the call.
pub(super) const MERMAID: Call = Call {
    name: "frontend.plan.mermaid",
    aliases: &["mermaid"],
    version: "1.0.0",
    description: "Draw the plan as a flowchart for Mermaid",
    by: By::Spec(|build| Box::pin(drawn(build))),
};

async fn answer(build: &Build) -> Result<Answer, Failure> {
    let plans = explanations(build).await?;
    let texts: Vec<String> = plans.iter().map(explain::text).collect();
    Answer::new(&plans, texts.join("\n"))
}

async fn drawn(build: &Build) -> Result<Answer, Failure> {
    let plans = explanations(build).await?;
    let [plan] = plans.as_slice() else {
        let message = "a picture is drawn for one platform: choose it with `--platform`";
        return Err(Failure::unanswerable(message));
    };
    Ok(Answer::text(explain::mermaid(plan)))
}

/// The plan for each platform.
async fn explanations(build: &Build) -> Result<Vec<Explanation>, Failure> {
    let platforms = build.platforms();
    let mut plans = Vec::new();
    for (checked, platform) in warnings::check(build, &platforms).await?.iter().zip(&platforms) {
        let planned = planned(build, checked, platform).await?;
        plans.push(explain(
            &planned.plan,
            &planned.facts,
            &build.spec.source,
            checked.target.as_deref(),
            &platform.to_string(),
        ));
    }
    Ok(plans)
}
