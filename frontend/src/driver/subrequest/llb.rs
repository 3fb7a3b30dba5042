//! `llb`: the graph that the engine would solve, to be read by people and programs.

use buildkit_llb::Definition;
use serde::Serialize;
use serde_json::Value;

use super::super::planned::planned;
use super::super::{Build, Failure, warnings};
use super::{Answer, By, Call};
use crate::lower::lower;

/// Our own question.
pub(super) const CALL: Call = Call {
    name: "frontend.llb",
    aliases: &[],
    version: "1.0.0",
    description: "Print the build graph in a form that can be read and compared",
    by: By::Spec(|build| Box::pin(answer(build))),
};

/// The graph of one platform, for programs.
#[derive(Serialize)]
struct Graph {
    platform: String,
    #[serde(flatten)]
    definition: Value,
}

async fn answer(build: &Build) -> Result<Answer, Failure> {
    let platforms = build.platforms();
    let (mut text, mut graphs) = (String::new(), Vec::new());
    for (checked, platform) in warnings::check(build, &platforms).await?.iter().zip(&platforms) {
        if platforms.len() > 1 {
            text += &format!("# {platform}\n\n");
        }
        let planned = planned(build, checked, platform).await?;
        let mut lowered = lower(&planned.plan.steps, &planned.ground);
        let definition = Definition::new(lowered.tree(&planned.plan.image).as_ref())?;
        text += &definition.dump();
        graphs.push(Graph {
            platform: platform.to_string(),
            definition: definition.json(),
        });
    }
    Answer::new(&graphs, text)
}
