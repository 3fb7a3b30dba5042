//! What a source holds, said by the fetcher: where only those with a token may ask.

use super::fetch;
use crate::check::HubModel;
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

/// The steps that ask a hub for what a model takes of it.
pub fn listing_steps(hub: &HubModel, facts: &Facts) -> ListingPlan {
    let mut steps = Steps::default();
    let source = format!("hf:{}", hub.repository);
    let to = format!("{LAYER}/{LISTING}");
    let mut args = vec!["resolve", "--source", &source, "--revision", &hub.revision];
    args.extend(["--endpoint", facts.hub.endpoint(), "--to", &to]);
    args.extend(
        hub.include
            .iter()
            .flat_map(|pattern| ["--include", &pattern.value]),
    );
    args.extend(
        hub.exclude
            .iter()
            .flat_map(|pattern| ["--exclude", &pattern.value]),
    );
    let token = hub.token.as_ref().map(|token| token.value.as_str());
    let name = format!("list {}@{}", hub.repository, hub.revision);
    let result = fetch::run(&mut steps, facts, name, hub.span, &args, token, Vec::new());
    ListingPlan {
        steps: steps.0,
        result,
    }
}
