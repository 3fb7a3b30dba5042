//! Names of stages.

use std::collections::BTreeSet;

use crate::plan::Step;

/// Longer ones are cut.
const LONGEST: usize = 40;

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// A name for the stage of a step, after what it does.
    pub fn of(&mut self, step: &Step) -> String {
        self.free(&slug(&step.name).unwrap_or_else(|| step.stage.to_owned()))
    }

    /// This name, or the first like it that is free.
    pub fn free(&mut self, name: &str) -> String {
        let others = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(others);
        let free = names.find(|name| !self.0.contains(name)).unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

/// Lower case letters, digits, dots and dashes, a letter first (buildkit `frontend/dockerfile/instructions/parse.go`).
fn slug(words: &str) -> Option<String> {
    let mut slug = String::new();
    for c in words.chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() || c == '.' => slug.push(c),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let slug: String = slug
        .trim_start_matches(|c: char| !c.is_ascii_lowercase())
        .chars()
        .take(LONGEST)
        .collect();
    let slug = slug.trim_end_matches(['-', '.']);
    // Words that mean something else where a stage is named.
    let reserved = ["", "scratch", "context"].contains(&slug);
    (!reserved).then(|| slug.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_stage_does() {
        assert_eq!(slug("install torch 2.9.0").unwrap(), "install-torch-2.9.0");
        assert_eq!(slug("make /opt/venv").unwrap(), "make-opt-venv");
        assert_eq!(slug("0x"), Some("x".into()));
        assert_eq!(slug("🦀"), None);
    }

    #[test]
    fn no_two_stages_have_one_name() {
        let mut names = Names::default();
        assert_eq!(
            [names.free("a"), names.free("a"), names.free("b")],
            ["a", "a-2", "b"]
        );
    }
}
