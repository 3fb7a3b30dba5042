//! What a source holds, said by the fetcher: where only those with a secret may ask, or no engine can.

use super::access::Access;
use super::fetch;
use crate::check::{ListedModel, Origin};
use crate::plan::{Facts, LAYER, Step, StepId, Steps};

/// The file that the step writes.
pub const LISTING: &str = "listing.json";

/// The steps that make [`LISTING`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingPlan {
    /// Every step; inputs come before users.
    pub steps: Vec<Step>,
    /// The one whose files hold it.
    pub result: StepId,
}

/// The steps that ask a source for what a model takes of it.
pub fn listing_steps(model: &ListedModel, facts: &Facts) -> ListingPlan {
    let mut steps = Steps::default();
    let to = format!("{LAYER}/{LISTING}");
    let mut args = vec!["resolve", "--to", &to];
    args.extend(
        model
            .include
            .iter()
            .flat_map(|pattern| ["--include", &pattern.value]),
    );
    args.extend(
        model
            .exclude
            .iter()
            .flat_map(|pattern| ["--exclude", &pattern.value]),
    );
    // Archives of an artifact say only in themselves what they hold; the download finds them there.
    let mut mounts = Vec::new();
    if matches!(model.origin, Origin::Artifact(_)) {
        args.extend(["--partial", fetch::PARTIAL]);
        mounts.push(fetch::cache());
    }
    let access = Access::listing(&model.origin, facts);
    let name = format!("list {}", model.origin.title());
    let result = fetch::run(&mut steps, facts, name, model.span, &args, &access, mounts);
    ListingPlan {
        steps: steps.0,
        result,
    }
}
