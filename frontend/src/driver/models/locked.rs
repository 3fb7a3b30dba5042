//! Models that `modelcrate.lock` knows: no hub is asked for them.

use modelcrate_fetcher::card::Card;
use modelcrate_fetcher::lock::{self, Lock, LockError, NAME};

use super::super::Failure;
use super::taken;
use crate::check::{ListedModel, Model, title};
use crate::context::SpecFile;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;
use crate::spec::ResolvedModel;

/// Digits of a commit or digest that are shown.
const SHOWN: usize = 12;

/// How the lock is written. A shell empties the file that it redirects to before the command runs, hence the detour.
pub(super) fn writing(spec: &SpecFile) -> String {
    let name = &spec.source.name;
    format!("`docker buildx build --call=lock -f {name} . > new.lock && mv new.lock {NAME}`")
}

/// The lock beside the spec, where there is one.
pub(in crate::driver) fn lock(spec: &SpecFile) -> Result<Option<Lock>, Failure> {
    let Some(bytes) = &spec.lock else {
        return Ok(None);
    };
    match Lock::read(&String::from_utf8_lossy(bytes)) {
        Ok(lock) => Ok(Some(lock)),
        Err(error) => Err(Failure::diagnostics(spec, &[unreadable(spec, &error)])),
    }
}

fn unreadable(spec: &SpecFile, error: &LockError) -> Diagnostic {
    let message = format!("`{NAME}` cannot be read: {error}");
    Diagnostic::error(code::LOCK, Span::default(), message).hint(format!("write it again: {}", writing(spec)))
}

/// What the lock says of a model, or what is wrong: the spec asks for something else than was locked.
pub(super) fn locked(
    spec: &SpecFile,
    lock: &Lock,
    model: &Model,
    source: &ListedModel,
) -> Result<ResolvedModel, Vec<Diagnostic>> {
    let Some(known) = known(lock, model, source) else {
        return Err(vec![stale(spec, lock, model, source)]);
    };
    let paths: Vec<&str> = known.files.iter().map(|file| file.path.as_str()).collect();
    let wrong = taken::wrong(model, source, &paths, &paths);
    match wrong.is_empty() {
        true => Ok(ResolvedModel {
            revision: known.revision.clone(),
            files: known.files.clone(),
            card: known.card.clone(),
            ..ResolvedModel::default()
        }),
        false => Err(wrong),
    }
}

/// The entry of the lock for what the spec asks for.
pub(super) fn known<'a>(lock: &'a Lock, model: &Model, source: &ListedModel) -> Option<&'a lock::Model> {
    let wanted = entry(model, source, &ResolvedModel::default());
    lock.models.iter().find(|known| is_for(known, &wanted))
}

/// Whether two entries are for the same question, whatever the answers.
fn is_for(one: &lock::Model, other: &lock::Model) -> bool {
    let question = |entry: &lock::Model| lock::Model {
        revision: None,
        card: Card::default(),
        files: Vec::new(),
        ..entry.clone()
    };
    question(one) == question(other)
}

/// What the lock has to say of a model.
pub(super) fn entry(model: &Model, source: &ListedModel, found: &ResolvedModel) -> lock::Model {
    let selection = source.selection();
    lock::Model {
        name: model.name.value.clone(),
        source: source.origin.id(),
        asked: source.origin.asked().map(ToOwned::to_owned),
        revision: found.revision.clone(),
        include: selection.include,
        exclude: selection.exclude,
        card: found.card.clone(),
        files: found.files.clone(),
    }
}

fn stale(spec: &SpecFile, lock: &Lock, model: &Model, source: &ListedModel) -> Diagnostic {
    let name = &model.name.value;
    let known = lock.models.iter().find(|known| known.name == *name);
    let asked = source.origin.title();
    let message = match known {
        None => format!("`{NAME}` does not have the model `{name}`"),
        Some(known) => match title(&known.source, known.asked.as_deref()) {
            other if other != asked => {
                format!("`{NAME}` has the model `{name}` of `{other}`, and the spec asks for `{asked}`")
            }
            _ => format!("`{NAME}` has the model `{name}` with other `files` and `exclude` than the spec"),
        },
    };
    Diagnostic::error(code::LOCK, source.span, message).hint(format!("write it again: {}", writing(spec)))
}

/// The warning about a name that may mean something else tomorrow; none about one that cannot.
pub(super) fn unlocked(spec: &SpecFile, source: &ListedModel, found: &ResolvedModel) -> Option<Diagnostic> {
    let title = source.origin.title();
    let message = match (&found.revision, source.origin.asked()) {
        (Some(revision), Some(asked)) if revision == asked => return None,
        (Some(revision), _) => {
            format!("`{title}` is {revision} now, and may be another in the next build")
        }
        (None, _) => format!("`{title}` may hold other files in the next build, and is read whole in each"),
    };
    let finding = Diagnostic::warning(code::UNLOCKED, source.span, message);
    Some(finding.hint(format!("pin it with all its files: {}", writing(spec))))
}

/// The warning about an image that the lock does not have.
pub(in crate::driver) fn unlocked_image(spec: &SpecFile, reference: &str, span: Span) -> Diagnostic {
    let message =
        format!("`{NAME}` does not have the image `{reference}`, which may be another in the next build");
    Diagnostic::warning(code::UNLOCKED, span, message).hint(format!("write it again: {}", writing(spec)))
}

/// The warning about a source that holds something else than what the lock says; none where it holds the same.
pub(super) fn moved(
    spec: &SpecFile,
    locked: &lock::Model,
    source: &ListedModel,
    now: &ResolvedModel,
) -> Option<Diagnostic> {
    let title = source.origin.title();
    let short = |revision: &str| {
        let digits = revision.trim_start_matches("sha256:").chars();
        digits.take(SHOWN).collect::<String>()
    };
    let message = match (&locked.revision, &now.revision) {
        (Some(before), Some(now)) if before != now => {
            let (before, now) = (short(before), short(now));
            format!("`{title}` is {now} now, and `{NAME}` has {before}: builds go on with {before}")
        }
        (None, None) if locked.files != now.files => {
            format!("`{title}` holds other files now than `{NAME}` has: builds go on with those of the lock")
        }
        _ => return None,
    };
    let finding = Diagnostic::warning(code::OUTDATED_LOCK, source.span, message);
    Some(finding.hint(format!("to take what is there now: {}", writing(spec))))
}
