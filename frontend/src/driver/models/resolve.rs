//! Asks the sources of all models of all platforms, each once.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use modelcrate_fetcher::hub::Repository;
use modelcrate_fetcher::lock::{self, Lock};

use super::super::{Build, Failure};
use super::hub::Question;
use super::locked::{entry, known, locked, moved, unlocked};
use crate::check::{Checked, HubModel, Model, ModelSource};
use crate::diagnostic::Diagnostic;
use crate::spec::{ResolvedModel, ResolvedModels};

/// What is asked, without the places where it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    name: String,
    repository: Repository,
    revision: String,
    include: Vec<String>,
    exclude: Vec<String>,
    token: Option<String>,
}

/// What the sources of the models of these targets hold, a map for each target; `None` where no model has to be asked for.
/// What the lock knows is not asked for.
pub(in crate::driver) async fn resolve(
    build: &Build,
    targets: &[Checked],
) -> Result<Option<Vec<ResolvedModels>>, Failure> {
    let questions = questions(build, targets);
    if questions.is_empty() {
        return Ok(None);
    }
    let known = match &build.lock {
        Some(lock) => all(
            build,
            &questions,
            questions
                .values()
                .map(|asked| locked(&build.spec, lock, asked.model, asked.hub)),
        )?,
        None => {
            let known = answers(build, &questions).await?;
            warn(build, &questions, &known).await?;
            known
        }
    };
    let of_target = |target| {
        let models = hub_models(target).into_iter();
        let named = models.filter_map(|(target, model, hub)| {
            let known = known.get(&key(model, hub))?.clone();
            Some(((target, model.name.value.clone()), known))
        });
        named.collect()
    };
    Ok(Some(targets.iter().map(of_target).collect()))
}

/// The models of these targets as the lock has them, asked anew; says what differs from the lock that there was.
pub(in crate::driver) async fn found(
    build: &Build,
    targets: &[Checked],
    before: Option<&Lock>,
) -> Result<Vec<lock::Model>, Failure> {
    let questions = questions(build, targets);
    let answers = answers(build, &questions).await?;
    let mut entries = Vec::new();
    for (key, asked) in &questions {
        let Some(found) = answers.get(key) else { continue };
        let before = before.and_then(|lock| known(lock, asked.model, asked.hub));
        let news = before.and_then(|before| moved(&build.spec, before, asked.hub, found.revision.as_deref()));
        if let Some(news) = news {
            build.warn(&news).await?;
        }
        entries.push(entry(asked.model, asked.hub, found));
    }
    Ok(entries)
}

/// One question for each model, however many platforms and targets have it.
fn questions<'a>(build: &'a Build, targets: &'a [Checked]) -> BTreeMap<Key, Question<'a>> {
    let models = targets.iter().flat_map(hub_models);
    models
        .map(|(_, model, hub)| (key(model, hub), Question { build, model, hub }))
        .collect()
}

type Known = BTreeMap<Key, ResolvedModel>;

async fn answers(build: &Build, questions: &BTreeMap<Key, Question<'_>>) -> Result<Known, Failure> {
    let answers = try_join_all(questions.values().map(Question::answer)).await?;
    all(build, questions, answers)
}

/// The answers by what was asked; every mistake of all of them at once.
fn all(
    build: &Build,
    questions: &BTreeMap<Key, Question<'_>>,
    answers: impl IntoIterator<Item = Result<ResolvedModel, Vec<Diagnostic>>>,
) -> Result<Known, Failure> {
    let mut known = Known::new();
    let mut found = Vec::new();
    for (key, answer) in questions.keys().zip(answers) {
        match answer {
            Ok(resolved) => drop(known.insert(key.clone(), resolved)),
            Err(findings) => found.extend(findings),
        }
    }
    if found.is_empty() {
        return Ok(known);
    }
    found.sort_by_key(|finding| finding.span);
    found.dedup();
    Err(Failure::diagnostics(&build.spec, &found))
}

/// Without a lock, says which names may mean something else tomorrow.
async fn warn(build: &Build, questions: &BTreeMap<Key, Question<'_>>, known: &Known) -> Result<(), Failure> {
    for (key, asked) in questions {
        let commit = known.get(key).and_then(|found| found.revision.as_deref());
        let commit = commit.filter(|commit| *commit != asked.hub.revision);
        if let Some(commit) = commit {
            build.warn(&unlocked(&build.spec, asked.hub, commit)).await?;
        }
    }
    Ok(())
}

/// Says which names have come to mean something else than what the lock has. That asks the hubs, which a build does not.
pub(in crate::driver) async fn look_for_news(build: &Build, targets: &[Checked]) -> Result<(), Failure> {
    let Some(lock) = &build.lock else { return Ok(()) };
    for asked in questions(build, targets).values() {
        let Some(locked) = known(lock, asked.model, asked.hub) else {
            continue;
        };
        let now = asked.commit().await?;
        if let Some(finding) = moved(&build.spec, locked, asked.hub, now.as_deref()) {
            build.warn(&finding).await?;
        }
    }
    Ok(())
}

/// Models of hubs in a target and in all that it takes files from, with the target's name.
fn hub_models(checked: &Checked) -> Vec<(Option<String>, &Model, &HubModel)> {
    let own = checked.models.iter().filter_map(|model| match &model.source {
        ModelSource::Hub(hub) => Some((checked.target.clone(), model, hub)),
        ModelSource::Files { .. } | ModelSource::Image(_) => None,
    });
    own.chain(checked.sources.values().flat_map(hub_models)).collect()
}

fn key(model: &Model, hub: &HubModel) -> Key {
    let selection = hub.selection();
    Key {
        name: model.name.value.clone(),
        repository: hub.repository.clone(),
        revision: hub.revision.clone(),
        include: selection.include,
        exclude: selection.exclude,
        token: hub.token.as_ref().map(|token| token.value.clone()),
    }
}
