//! `dockerfile`: the plan as a Dockerfile, for engines that take no frontends.

use super::super::planned::planned;
use super::super::{Build, Failure, warnings};
use super::{Answer, By, Call};
use crate::render::{Dialect, Ground, dockerfile};

/// The image of this frontend, where the client does not say it.
const FRONTEND: &str = "modelcrate/frontend:1";

/// Our own question.
pub(super) const CALL: Call = Call {
    name: "frontend.dockerfile",
    aliases: &[],
    version: "1.0.0",
    description: "Print the same image as a Dockerfile",
    by: By::Spec(|build| Box::pin(answer(build, Dialect::Docker))),
};

/// The same in the words of other builders, whose name for such a file it has.
pub(super) const CONTAINERFILE: Call = Call {
    name: "frontend.containerfile",
    aliases: &["buildah", "podman"],
    version: "1.0.0",
    description: "Print the same image as a Containerfile for buildah and podman",
    by: By::Spec(|build| Box::pin(answer(build, Dialect::Buildah))),
};

async fn answer(build: &Build, dialect: Dialect) -> Result<Answer, Failure> {
    let platforms = build.platforms();
    let checked = warnings::check(build, &platforms).await?;
    let ([checked], [platform]) = (checked.as_slice(), platforms.as_slice()) else {
        let message = "a Dockerfile is written for one platform: choose it with `--platform`";
        return Err(Failure::unanswerable(message));
    };
    let planned = planned(build, checked, platform).await?;
    let ground = Ground {
        dialect,
        source: &build.spec.source,
        target: planned.checked.target.as_deref(),
        platform: platform.to_string(),
        native: platform == build.gateway.build_platform(),
        images: &planned.images.facts,
        frontend: build.options.source.as_deref().unwrap_or(FRONTEND),
    };
    let text = dockerfile(&planned.plan, &ground)
        .map_err(|what| Failure::unanswerable(&format!("there is no Dockerfile for this spec: {what}")))?;
    Ok(Answer::text(text))
}
