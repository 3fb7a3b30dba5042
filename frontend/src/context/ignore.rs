//! Ignore files: text comes in, the patterns that a local source leaves out go out
//! (moby/patternmatcher ignorefile/ignorefile.go).

use std::sync::Arc;

use buildkit_llb::{Location, Position, Range, SourceInfo};

use crate::gateway::GatewayError;

/// The name by which GitHub's linguist knows ignore files.
const LANGUAGE: &str = "Ignore List";

/// What is left out of a local source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct IgnoreFile {
    /// The file, as messages name it; empty where there is none.
    pub name: String,
    /// Patterns in order; `!` takes back.
    pub patterns: Vec<String>,
}

impl IgnoreFile {
    /// Reads an ignore file. A pattern that the client could not match is an error here, with its line.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, GatewayError> {
        let text = std::str::from_utf8(bytes).map_err(|_| {
            GatewayError::invalid(format!("`{name}` is not UTF-8")).hint("save it as UTF-8 text")
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut patterns = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let pattern = pattern(line).map_err(|problem| {
                GatewayError::invalid(format!("`{name}` line {}: {problem}", at + 1))
                    .hint("patterns are paths with `*`, `?`, `[…]` and `**`; `!` before one takes it back")
                    .at(&line_of(name, bytes, at + 1))
            })?;
            patterns.extend(pattern);
        }
        Ok(Self {
            name: name.to_owned(),
            patterns,
        })
    }
}

/// A whole line of the file, from 1.
fn line_of(name: &str, bytes: &[u8], line: usize) -> Location {
    let position = Position {
        line: i32::try_from(line).unwrap_or(i32::MAX),
        character: 0,
    };
    let source = SourceInfo {
        filename: name.to_owned(),
        data: bytes.to_vec(),
        language: LANGUAGE.to_owned(),
        definition: None,
    };
    Location {
        source: Arc::new(source),
        ranges: vec![Range {
            start: position,
            end: position,
        }],
    }
}

/// The pattern of a line; none for comments and empty lines.
fn pattern(line: &str) -> Result<Option<String>, String> {
    // A comment begins in the first column: ` #` is a pattern.
    if line.starts_with('#') {
        return Ok(None);
    }
    let line = line.trim();
    let (negation, pattern) = match line.strip_prefix('!') {
        Some(rest) => ("!", rest.trim()),
        None => ("", line),
    };
    match (negation, pattern) {
        ("", "") => Ok(None),
        ("!", "") => Err("`!` takes back nothing".to_owned()),
        _ => {
            check_syntax(pattern)?;
            Ok(Some(format!("{negation}{}", clean(pattern))))
        }
    }
}

/// Go's `filepath.Clean`, and without a leading `/`: all patterns are relative to the context.
pub(super) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    match parts.is_empty() {
        true if path.starts_with('/') => "/".to_owned(),
        true => ".".to_owned(),
        false => parts.join("/"),
    }
}

/// What Go's `filepath.Match` calls a bad pattern: an open `[`, or a `\` with nothing after it.
fn check_syntax(pattern: &str) -> Result<(), String> {
    let mut class = false;
    let mut chars = pattern.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' if chars.next().is_none() => return Err(format!("`{pattern}` ends in `\\`")),
            '[' if !class => class = true,
            ']' => class = false,
            _ => {}
        }
    }
    match class {
        true => Err(format!("`{pattern}` has a `[` without `]`")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerignore_lines_become_clean_patterns() {
        let text = "\u{feff}# comment\n\n  *.pyc  \n/build/../dist/\n!/dist/keep\n ! a//b \n./\n";
        let file = IgnoreFile::parse(".dockerignore", text.as_bytes()).unwrap();
        assert_eq!(file.patterns, ["*.pyc", "dist", "!dist/keep", "!a/b", "."]);
    }

    #[test]
    fn dockerignore_invalid_names_file_line_and_pattern() {
        let errors = ["ok\n!\n", "a[b\n", "x\\\n"].map(|text| {
            IgnoreFile::parse("spec.yaml.dockerignore", text.as_bytes())
                .unwrap_err()
                .status
                .message
        });
        assert_eq!(
            errors,
            [
                "`spec.yaml.dockerignore` line 2: `!` takes back nothing",
                "`spec.yaml.dockerignore` line 1: `a[b` has a `[` without `]`",
                "`spec.yaml.dockerignore` line 1: `x\\` ends in `\\`",
            ]
        );
    }

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (written, clean_path) in [
            ("a/../..", ".."),
            ("/..", "/"),
            ("..//x", "../x"),
            ("", "."),
            ("/", "/"),
        ] {
            assert_eq!(clean(written), clean_path, "{written}");
        }
    }
}
