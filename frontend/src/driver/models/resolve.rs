//! Asks the sources of all models, each once for all platforms and targets that take the same of it.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use modelcrate_fetcher::lock::{self, Lock};

use super::super::{Build, Failure};
use super::license;
use super::locked::{entry, known, moved, unlocked};
use super::question::Question;
use crate::check::{Checked, ListedModel, Model, ModelSource, Origin};
use crate::diagnostic::Diagnostic;
use crate::spec::{ResolvedModel, ResolvedModels};

/// What is asked, without the places where it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// As the lock has it, without answers.
    entry: lock::Model,
    /// The server of a bucket.
    endpoint: Option<String>,
    /// Ids of secrets.
    secrets: Vec<String>,
}

type Questions<'a> = BTreeMap<Key, Question<'a>>;
type Known = BTreeMap<Key, ResolvedModel>;

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
    let known = all(
        build,
        &questions,
        try_join_all(questions.values().map(Question::known)).await?,
    )?;
    warn(build, &questions, &known).await?;
    license::warn(build, questions.values().zip(known.values())).await?;
    let of_target = |target| {
        let models = listed_models(target).into_iter();
        let named = models.filter_map(|(target, model, source)| {
            let known = known.get(&key(model, source))?.clone();
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
    let mut questions = questions(build, targets);
    questions.retain(|_, question| question.is_locked());
    let answers = all(
        build,
        &questions,
        try_join_all(questions.values().map(Question::answer)).await?,
    )?;
    let mut entries = Vec::new();
    for (key, asked) in &questions {
        let Some(found) = answers.get(key) else { continue };
        let before = before.and_then(|lock| known(lock, asked.model, asked.source));
        if let Some(news) = before.and_then(|before| moved(&build.spec, before, asked.source, found)) {
            build.warn(&news).await?;
        }
        entries.push(entry(asked.model, asked.source, found));
    }
    Ok(entries)
}

/// Says which names have come to mean something else than what the lock has. That asks the sources, which a build does not.
pub(in crate::driver) async fn look_for_news(build: &Build, targets: &[Checked]) -> Result<(), Failure> {
    let Some(lock) = &build.lock else { return Ok(()) };
    for asked in questions(build, targets).values() {
        let Some(locked) = known(lock, asked.model, asked.source) else {
            continue;
        };
        let Some(now) = asked.news().await? else { continue };
        if let Some(finding) = moved(&build.spec, locked, asked.source, &now) {
            build.warn(&finding).await?;
        }
    }
    Ok(())
}

/// Without a lock, says which names may mean something else tomorrow.
async fn warn(build: &Build, questions: &Questions<'_>, known: &Known) -> Result<(), Failure> {
    if build.lock.is_some() {
        return Ok(());
    }
    for (key, asked) in questions.iter().filter(|(_, asked)| asked.is_locked()) {
        let found = known.get(key);
        if let Some(warning) = found.and_then(|found| unlocked(&build.spec, asked.source, found)) {
            build.warn(&warning).await?;
        }
    }
    Ok(())
}

/// One question for each model, however many platforms and targets have it.
fn questions<'a>(build: &'a Build, targets: &'a [Checked]) -> Questions<'a> {
    let models = targets.iter().flat_map(listed_models);
    models
        .map(|(_, model, source)| (key(model, source), Question { build, model, source }))
        .collect()
}

/// The answers by what was asked; every mistake of all of them at once.
fn all(
    build: &Build,
    questions: &Questions<'_>,
    answers: Vec<Result<ResolvedModel, Vec<Diagnostic>>>,
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

/// Models whose sources list their files, in a target and in all that it takes files from, with the target's name.
fn listed_models(checked: &Checked) -> Vec<(Option<String>, &Model, &ListedModel)> {
    let own = checked.models.iter().filter_map(|model| match &model.source {
        ModelSource::Listed(source) => Some((checked.target.clone(), model, source)),
        ModelSource::Files { .. } | ModelSource::Image(_) => None,
    });
    own.chain(checked.sources.values().flat_map(listed_models))
        .collect()
}

fn key(model: &Model, source: &ListedModel) -> Key {
    let secrets = source.origin.secrets().into_iter();
    Key {
        entry: entry(model, source, &ResolvedModel::default()),
        endpoint: match &source.origin {
            Origin::Bucket(bucket) => bucket.endpoint.clone(),
            _ => None,
        },
        secrets: secrets.map(|secret| secret.value.clone()).collect(),
    }
}
