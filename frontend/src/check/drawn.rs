//! Tests whose expectation is drawn into the spec: under a line stand its marks, what is said about them, and what to do.
//!
//! Spec lines are indented by two more columns than the `#` of the marks, so that a mark can point at the first column:
//!
//! ```text
//!       basee: debian
//!     # ^^^^^ error[unknown-key]: unknown key `basee`
//!     # = hint: did you mean `base`?
//! ```
//!
//! `^` marks the place of a finding, `-` another place that belongs to it, with its words.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Checked, PlatformNames, Request, check};
use crate::diagnostic::{Diagnostic, Severity, shown};
use crate::source::{Source, Span};
use crate::spec::ResolvedModels;

/// Columns from the end of the test's text to the `#` of its marks.
const MARGIN: usize = 4;

/// Checks the spec for `linux/amd64` without a target and compares the findings with the drawn ones.
#[track_caller]
pub fn check_diagnostics(drawn: &str) {
    check_diagnostics_of(drawn, &Build::default());
}

/// The build that a spec is checked for.
pub struct Build<'a> {
    /// `--target`.
    pub target: Option<&'a str>,
    /// `--build-arg`.
    pub build_args: &'a [(&'a str, &'a str)],
    /// The architecture of `--platform`.
    pub arch: &'a str,
    /// What sources of models were found to hold.
    pub models: ResolvedModels,
}

impl Default for Build<'_> {
    fn default() -> Self {
        Self {
            target: None,
            build_args: &[],
            arch: "amd64",
            models: ResolvedModels::new(),
        }
    }
}

/// As [`check_diagnostics`], for another build.
#[track_caller]
pub fn check_diagnostics_of(drawn: &str, build: &Build) {
    let indent = drawn.len() - drawn.trim_end_matches(' ').len() + MARGIN;
    let expected: Vec<&str> = drawn.trim_end_matches(' ').lines().skip(1).collect();
    let text = spec_of(&expected, indent);
    let source = Source::new("modelcrate.yaml", text);
    let actual = draw(&source, &check_of(&source, build).1, indent);
    if actual != expected.join("\n") {
        let place = std::panic::Location::caller();
        panic!("the findings are not the drawn ones; they are\n>>> {place}\n{actual}\n<<<\n");
    }
}

/// What is found in a spec without marks.
pub fn findings_of(text: &str, build: &Build) -> Vec<Diagnostic> {
    check_of(&Source::new("modelcrate.yaml", text), build).1
}

/// A spec that has no mistake, as meant.
#[track_caller]
pub fn checked(text: &str, build: &Build) -> Checked {
    let (checked, found) = check_of(&Source::new("modelcrate.yaml", text), build);
    checked.unwrap_or_else(|| panic!("{found:?}"))
}

/// The spec as meant, and what is found in it.
pub fn check_of(source: &Source, build: &Build) -> (Option<Checked>, Vec<Diagnostic>) {
    let own = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
    let build_args: BTreeMap<String, String> = build.build_args.iter().map(own).collect();
    let request = Request {
        target: build.target,
        build_args: &build_args,
        platform: &PlatformNames::new("linux", build.arch, ""),
        build_platform: &PlatformNames::new("linux", "amd64", ""),
        models: &build.models,
    };
    check(source, &request)
}

/// The spec without its marks and indentation.
fn spec_of(lines: &[&str], indent: usize) -> String {
    let mut text = String::new();
    for line in lines {
        let line = line.get(indent..).unwrap_or_default();
        if !line.starts_with('#') {
            text += line.get(2..).unwrap_or_default();
            text.push('\n');
        }
    }
    text
}

/// The spec with marks, as a test would have it. Secrets are drawn as they were written: the test needs them.
fn draw(source: &Source, findings: &[Diagnostic], indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut drawn = String::new();
    for (number, line) in source.text.lines().enumerate() {
        let blank = line.is_empty();
        let line = if blank {
            String::new()
        } else {
            format!("{margin}  {line}")
        };
        let _ = writeln!(drawn, "{line}");
        for finding in findings {
            draw_on(number + 1, source, finding, &margin, &mut drawn);
        }
    }
    drawn.trim_end_matches('\n').to_string()
}

fn draw_on(line: usize, source: &Source, finding: &Diagnostic, margin: &str, drawn: &mut String) {
    if source.position(finding.span.start).line == line {
        let kind = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mark = mark(source, finding.span, "^");
        let _ = writeln!(
            drawn,
            "{margin}# {mark} {kind}[{}]: {}",
            finding.code, finding.message
        );
        if !finding.label.is_empty() {
            let _ = writeln!(drawn, "{margin}# = label: {}", finding.label);
        }
        for hint in &finding.hints {
            let _ = writeln!(drawn, "{margin}# = hint: {hint}");
        }
    }
    for (span, words) in &finding.related {
        if source.position(span.start).line == line {
            let _ = writeln!(drawn, "{margin}# {} {words}", mark(source, *span, "-"));
        }
    }
}

/// Marks under a span, up to the end of its first line.
fn mark(source: &Source, span: Span, mark: &str) -> String {
    let column = source.position(span.start).column - 1;
    let first = source.slice(span).lines().next().unwrap_or_default();
    format!(
        "{}{}",
        " ".repeat(column),
        mark.repeat(first.chars().count().max(1))
    )
}

#[test]
fn nothing_that_is_shown_has_a_secret_in_it() {
    let token = format!("hf_{}", "aB3dE5gH7jK9".repeat(3));
    let source = Source::new(
        "modelcrate.yaml",
        format!(
            "args: {{ API_KEY: null }}\nuser: ${{API_KEY}}\nenv: {{ DB_PASSWORD: \"hunter 2\" }}\n# {token}\n{token}: 1\nbase: hunter 2\n"
        ),
    );
    let build = Build {
        build_args: &[("API_KEY", "tops3cret")],
        ..Build::default()
    };
    let (_, findings) = check_of(&source, &build);
    let drawn = crate::diagnostic::render(&source, &findings);
    for text in [drawn, shown(&source, &findings).text] {
        assert!(!text.contains(&token), "{text}");
        assert!(!text.contains("tops3cret"), "{text}");
    }
}
