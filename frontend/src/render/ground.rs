//! What a Dockerfile says besides the steps: pinned images, places in the spec.

use std::collections::BTreeMap;

use buildkit_llb::ImageReference;

use super::Dialect;
use crate::plan::{ImageFacts, On, Step};
use crate::source::{Source, Span};

/// Everything that rendering needs besides the plan.
#[derive(Debug)]
pub struct Ground<'a> {
    /// Who reads the text.
    pub dialect: Dialect,
    /// The spec, for places.
    pub source: &'a Source,
    /// The target; the spec's own when `None`.
    pub target: Option<&'a str>,
    /// The platform that the image is for.
    pub platform: String,
    /// Whether that is the platform that the build runs on.
    pub native: bool,
    /// What was resolved, by the reference that the spec or a default names.
    pub images: &'a BTreeMap<String, ImageFacts>,
    /// Reference of the frontend's own image.
    pub frontend: &'a str,
}

impl Ground<'_> {
    /// What stands above everything.
    pub(super) fn title(&self) -> Vec<String> {
        let target = self
            .target
            .map(|target| format!(", target {target}"))
            .unwrap_or_default();
        vec![
            format!("{} for {}{target}", self.source.name, self.platform),
            "Printed by modelcrate: change the spec and print it again.".into(),
        ]
    }

    /// What a step does, and the line that asks for it.
    pub(super) fn comment(&self, step: &Step) -> String {
        let words = step.name.replace('\n', " ");
        if step.span == Span::default() {
            return words;
        }
        let line = self.source.position(step.span.start).line;
        format!("{words} ({}:{line})", self.source.name)
    }

    /// `NAME:TAG@sha256:…`; as it is written where no digest is known.
    pub(super) fn pinned(&self, reference: &str) -> String {
        let pinned = self.with_digest(reference);
        match pinned.parse::<ImageReference>() {
            Ok(whole) if !self.dialect.short_names() => whole.to_string(),
            _ => pinned,
        }
    }

    fn with_digest(&self, reference: &str) -> String {
        // What stands for it among the client's own files, the client gives again by its name.
        let Some(facts) = self.images.get(reference) else {
            return reference.to_owned();
        };
        match (&facts.name, &facts.digest) {
            (Some(name), Some(digest)) if !name.contains('@') => format!("{name}@{digest}"),
            (Some(name), _) => name.clone(),
            (None, _) => reference.to_owned(),
        }
    }

    /// `--platform` of a stage, where it is not the image's own.
    pub(super) fn platform(&self, on: On) -> Option<&'static str> {
        match on {
            On::Target => None,
            On::Build | On::Any if self.native => None,
            On::Build | On::Any => Some("$BUILDPLATFORM"),
        }
    }
}
