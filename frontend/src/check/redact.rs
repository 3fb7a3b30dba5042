//! No secret in the words of a finding, whatever a rule puts between its backticks.

use super::secret_name::is_secret;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::token::masked;
use crate::source::Source;
use crate::spec::Request;

/// Shorter values are ordinary words: taking those out would hide the message, not the value.
const SHORTEST: usize = 6;

/// The findings without tokens, without the values that a finding hides, and without the values of build args whose name is a
/// secret's.
pub fn redacted(findings: Vec<Diagnostic>, source: &Source, request: &Request) -> Vec<Diagnostic> {
    let hidden = findings.iter().flat_map(|finding| &finding.hidden);
    let written = hidden.map(|span| source.slice(*span).trim_matches(['"', '\'']));
    let given = request.build_args.iter().filter(|(name, _)| is_secret(name));
    let mut secrets: Vec<String> = written
        .chain(given.map(|(_, value)| value.as_str()))
        .filter(|secret| secret.len() >= SHORTEST)
        .map(ToString::to_string)
        .collect();
    // A longer one may hold a shorter one.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let redact = |words: &str| {
        let words = masked(words);
        secrets
            .iter()
            .fold(words, |words, secret| words.replace(secret.as_str(), "****"))
    };
    findings
        .into_iter()
        .map(|finding| finding.map_words(redact))
        .collect()
}
