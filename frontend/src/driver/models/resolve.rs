//! Asks the sources of all models of all platforms, each once.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;

use super::super::{Build, Failure};
use super::hub::Question;
use crate::check::{Checked, HubModel, Model, ModelSource};
use crate::spec::{ResolvedModel, ResolvedModels};

/// What is asked, without the places where it is written.
type Key = (String, String, Vec<String>, Vec<String>, Option<String>);

/// What the sources of the models of these targets hold, a map for each target; `None` where no model has to be asked for.
pub(in crate::driver) async fn resolve(
    build: &Build,
    targets: &[Checked],
) -> Result<Option<Vec<ResolvedModels>>, Failure> {
    let mut questions: BTreeMap<Key, Question> = BTreeMap::new();
    for (model, hub) in targets
        .iter()
        .flat_map(hub_models)
        .map(|(_, model, hub)| (model, hub))
    {
        questions
            .entry(key(hub))
            .or_insert(Question { build, model, hub });
    }
    if questions.is_empty() {
        return Ok(None);
    }
    let answers = try_join_all(questions.values().map(Question::answer)).await?;
    let mut known: BTreeMap<&Key, ResolvedModel> = BTreeMap::new();
    let mut found = Vec::new();
    for (key, answer) in questions.keys().zip(answers) {
        match answer {
            Ok(resolved) => drop(known.insert(key, resolved)),
            Err(findings) => found.extend(findings),
        }
    }
    if !found.is_empty() {
        found.sort_by_key(|finding| finding.span);
        found.dedup();
        return Err(Failure::diagnostics(&build.spec, &found));
    }
    let of_target = |target| {
        let models = hub_models(target).into_iter();
        let named = models.filter_map(|(target, model, hub)| {
            Some(((target, model.name.value.clone()), known.get(&key(hub))?.clone()))
        });
        named.collect()
    };
    Ok(Some(targets.iter().map(of_target).collect()))
}

/// Models of hubs in a target and in all that it takes files from, with the target's name.
fn hub_models(checked: &Checked) -> Vec<(Option<String>, &Model, &HubModel)> {
    let own = checked.models.iter().filter_map(|model| match &model.source {
        ModelSource::Hub(hub) => Some((checked.target.clone(), model, hub)),
        ModelSource::Files { .. } | ModelSource::Image(_) => None,
    });
    own.chain(checked.sources.values().flat_map(hub_models)).collect()
}

fn key(hub: &HubModel) -> Key {
    let selection = hub.selection();
    (
        hub.repository.as_str().to_owned(),
        hub.revision.clone(),
        selection.include,
        selection.exclude,
        hub.token.as_ref().map(|token| token.value.clone()),
    )
}
