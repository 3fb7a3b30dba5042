//! `check:`

use super::findings::Findings;
use crate::diagnostic::{Code, Diagnostic, RULES, closest, code};
use crate::spec::{Entry, Spec, Text};

/// Takes out what the spec does not want to hear.
pub fn skip(spec: &Spec, findings: &mut Findings) {
    let codes = findings.keep_all(items(spec).iter().map(skippable));
    findings.0.retain(|finding| !codes.contains(&finding.code));
}

/// What is not to be told later either.
pub fn skipped(spec: &Spec) -> Vec<Code> {
    items(spec)
        .iter()
        .filter_map(|item| skippable(item).ok())
        .collect()
}

fn items(spec: &Spec) -> &[Entry<Text>] {
    spec.check.get().map_or(&[][..], |check| check.skip.items())
}

fn skippable(entry: &Entry<Text>) -> Result<Code, Diagnostic> {
    let text: &str = entry;
    let rules = || RULES.iter().filter(|rule| rule.can_skip);
    let names = rules().map(|rule| rule.code.0);
    if let Some(rule) = rules().find(|rule| rule.code.0 == text) {
        return Ok(rule.code);
    }
    let message = format!("`{text}` is not a finding that can be skipped");
    let finding = Diagnostic::error(code::UNKNOWN_CHOICE, entry.span, message);
    Err(match closest(text, names) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding.hint("the rules that can be skipped have a page each in docs/rules"),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn warnings_can_be_skipped() {
        check_diagnostics(
            r#"
              args: { A: x }
              check: { skip: [unused-arg] }
        "#,
        );
    }

    #[test]
    fn errors_cannot_be_skipped() {
        check_diagnostics(
            r#"
              nme: x
            # ^^^ error[unknown-key]: unknown key `nme`
            # = hint: did you mean `name`?
              check: { skip: [unknown-key, unused-ag] }
            #                 ^^^^^^^^^^^ error[unknown-choice]: `unknown-key` is not a finding that can be skipped
            # = hint: the rules that can be skipped have a page each in docs/rules
            #                              ^^^^^^^^^ error[unknown-choice]: `unused-ag` is not a finding that can be skipped
            # = hint: did you mean `unused-arg`?
        "#,
        );
    }
}
