//! Questions that are not a build (`docker buildx build --call=NAME`): a call per file, all of them in [`CALLS`].

mod answer;
mod around;
mod call;
mod describe;
mod dockerfile;
mod lint;
mod llb;
mod location;
mod lock;
mod outline;
mod plan;
mod schema;
mod sizes;
mod table;
mod targets;

use answer::Answer;
use call::{By, Call};
pub(super) use lock::NAME as LOCK;

use super::{Build, Failure};
use crate::gateway::{BuildResult, Gateway};
use crate::options::{Options, Request};

/// Everything that is answered besides an image, in the order in which `describe` lists it.
const CALLS: &[Call] = &[
    lint::CALL,
    outline::CALL,
    targets::CALL,
    lock::CALL,
    dockerfile::CALL,
    dockerfile::CONTAINERFILE,
    plan::CALL,
    plan::MERMAID,
    sizes::CALL,
    llb::CALL,
    around::BAKE,
    around::COMPOSE,
    around::KUBERNETES,
    around::GITHUB,
    around::GITLAB,
    schema::CALL,
    describe::CALL,
];

/// Answers a question.
pub(super) async fn answer(
    gateway: Gateway,
    options: Options,
    request: &Request,
) -> Result<BuildResult, Failure> {
    let Some(call) = CALLS.iter().find(|call| call.is_asked(&request.name)) else {
        let known: Vec<&str> = CALLS.iter().map(Call::short).collect();
        return Err(Failure::unsupported_subrequest(&request.id, &known));
    };
    let answer = match call.by {
        By::Itself(answer) => answer(),
        By::Spec(answer) => answer(&Build::open(gateway, options).await?).await?,
    };
    Ok(answer.into_result(call.version))
}
