//! What we tell the user about their files: data here, drawn in [`render()`].
//!
//! A [`Diagnostic`] is the user's mistake (or something they should know), with the place, the reason and the way out.

pub mod code;
mod render;
mod rule;
mod suggest;
pub mod token;

pub use code::Code;
pub use render::{render, render_coloured, shown};
pub use rule::{RULES, Rule};
pub use suggest::{closest, did_you_mean, listed};

use crate::source::Span;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The build cannot go on.
    Error,
    /// The build goes on; the user should know.
    Warning,
}

/// One finding in the user's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of this kind of finding.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// One line, lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// The smallest span that is wrong.
    pub span: Span,
    /// What to write under the span; may be empty.
    pub label: String,
    /// Other places that belong to the story, with their words.
    pub related: Vec<(Span, String)>,
    /// What to do about it.
    pub hints: Vec<String>,
    /// Places whose text must never be drawn, because a secret stands there.
    pub hidden: Vec<Span>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            hints: Vec::new(),
            hidden: Vec::new(),
        }
    }

    /// A warning at `span`.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, span, message)
        }
    }

    /// The words under the span.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Every word of it through `change`.
    pub fn map_words(mut self, change: impl Fn(&str) -> String) -> Self {
        self.message = change(&self.message);
        self.label = change(&self.label);
        for words in &mut self.hints {
            *words = change(words);
        }
        for (_, words) in &mut self.related {
            *words = change(words);
        }
        self
    }

    /// One more place.
    pub fn related(mut self, span: Span, words: impl Into<String>) -> Self {
        self.related.push((span, words.into()));
        self
    }

    /// One more way out.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// A place that [`shown`] draws as stars.
    pub fn hide(mut self, span: Span) -> Self {
        self.hidden.push(span);
        self
    }
}
