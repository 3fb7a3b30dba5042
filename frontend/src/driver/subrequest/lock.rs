//! `lock`: what the names of a spec stand for at this moment, as `modelcrate.lock` has it.

use std::collections::BTreeMap;

use modelcrate_fetcher::lock::{Image, Lock, Model};

use super::super::planned::planned;
use super::super::{Build, Failure, models, warnings};
use super::lint::every_target;
use super::{Answer, By, Call};
use crate::check::{Checked, has_errors};

/// Our own question.
pub(super) const CALL: Call = Call {
    name: "frontend.lock",
    aliases: &[],
    version: "1.0.0",
    description: "Print modelcrate.lock: commits, files and images that the spec stands for now",
    by: By::Spec(|build| Box::pin(answer(build))),
};

/// The name as a client asks for it; the lock that is there is not obeyed then.
pub(in crate::driver) const NAME: &str = "lock";

async fn answer(build: &Build) -> Result<Answer, Failure> {
    // One that cannot be read is replaced, and nothing is said of it.
    let before = models::lock(&build.spec).unwrap_or_default();
    let mut locked: Vec<Model> = Vec::new();
    let mut images: BTreeMap<String, String> = BTreeMap::new();
    for targets in targets(build)? {
        locked.extend(models::found(build, &targets, before.as_ref()).await?);
        for (checked, platform) in targets.iter().zip(&build.platforms()) {
            images.extend(planned(build, checked, platform).await?.images.digests);
        }
    }
    let images = images.into_iter().map(|(name, digest)| Image { name, digest });
    let lock = Lock::new(images.collect(), locked);
    let text = lock.write().map_err(|error| Failure::bug(&error.to_string()))?;
    Answer::new(&lock, text)
}

/// Every target for every platform: one lock serves them all. One that was not asked for and has mistakes is left out.
fn targets(build: &Build) -> Result<Vec<Vec<Checked>>, Failure> {
    let asked = build.options.target.clone().filter(|target| !target.is_empty());
    let mut all = Vec::new();
    for target in every_target(build) {
        let (checked, found) = warnings::checked(build, target.as_deref(), &build.platforms());
        match has_errors(&found) {
            false => all.push(checked),
            true if target == asked => return Err(Failure::diagnostics(&build.spec, &found)),
            true => {}
        }
    }
    Ok(all)
}
