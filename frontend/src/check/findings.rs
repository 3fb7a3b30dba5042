//! Where rules put what they find.

use crate::diagnostic::{Diagnostic, Severity};

/// What has been found so far.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Diagnostic>);

impl Findings {
    /// One more.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// The value, or nothing and one more finding.
    pub fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// The values that are right.
    pub fn keep_all<T>(&mut self, results: impl IntoIterator<Item = Result<T, Diagnostic>>) -> Vec<T> {
        results
            .into_iter()
            .filter_map(|result| self.keep(result))
            .collect()
    }

    /// In the order of the file, each once: targets share most of a spec and find the same again.
    pub fn arranged(mut self) -> Vec<Diagnostic> {
        self.0
            .sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        self.0.dedup_by(|later, first| {
            (later.span, later.code, &later.message) == (first.span, first.code, &first.message)
        });
        self.0
    }
}

/// Whether the build cannot go on.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}
