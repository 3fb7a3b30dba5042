//! What is asked of the source of a model, whichever it is.

use super::super::{Build, Failure};
use super::hub::OnHub;
use super::locked::locked;
use crate::check::{ListedModel, Model, Origin};
use crate::diagnostic::Diagnostic;
use crate::plan::is_of_host;
use crate::spec::ResolvedModel;

/// What was found, or what is wrong for the user to mend.
pub(super) type Answer<T> = Result<Result<T, Vec<Diagnostic>>, Failure>;

/// A question to the source of one model.
pub(super) struct Question<'a> {
    /// The build.
    pub build: &'a Build,
    /// The model.
    pub model: &'a Model,
    /// What it takes.
    pub source: &'a ListedModel,
}

impl Question<'_> {
    /// What the lock says; the source is asked where there is none. Nobody locks the context.
    pub async fn known(&self) -> Answer<ResolvedModel> {
        match &self.build.lock {
            Some(lock) if self.is_locked() => Ok(locked(&self.build.spec, lock, self.model, self.source)),
            _ => self.answer().await,
        }
    }

    /// Asks for all that the lock would say.
    pub async fn answer(&self) -> Answer<ResolvedModel> {
        match &self.source.origin {
            Origin::Hub(hub) if !self.has_token() => OnHub { question: self, hub }.answer().await,
            Origin::Context(path) => self.in_context(path).await,
            Origin::Hub(_) | Origin::Bucket(_) | Origin::Artifact(_) => self.listed().await,
        }
    }

    /// Whether the lock is to have it.
    pub fn is_locked(&self) -> bool {
        !matches!(self.source.origin, Origin::Context(_))
    }

    /// What the name stands for at this moment, as far as it can be had without the files; `None` where it cannot.
    pub async fn news(&self) -> Result<Option<ResolvedModel>, Failure> {
        match &self.source.origin {
            Origin::Hub(hub) if !self.has_token() => {
                let found = OnHub { question: self, hub }.revision().await?.ok();
                Ok(found.map(|found| ResolvedModel {
                    revision: Some(found.commit),
                    ..ResolvedModel::default()
                }))
            }
            Origin::Hub(_) | Origin::Artifact(_) => Ok(self.listed().await?.ok()),
            Origin::Bucket(_) | Origin::Context(_) => Ok(None),
        }
    }

    /// Whether a token is sent that no source of the engine sends as it is.
    fn has_token(&self) -> bool {
        let host = self.build.hub.host();
        let mut secrets = self.source.origin.secrets().into_iter();
        secrets.any(|secret| !is_of_host(&secret.value, host))
    }
}
