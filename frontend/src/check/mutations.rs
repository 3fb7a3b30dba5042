//! Broken beyond imagination: random changes to whole specs, the same ones in every run. Nothing may panic, and every finding
//! has a place in the text.

use super::drawn::{Build, check_of};
use super::has_errors;
use crate::diagnostic::render;
use crate::source::Source;

const SPECS: [&str; 3] = [
    include_str!("fixtures/safe-synthesizer.yaml"),
    include_str!("fixtures/quickstart.yaml"),
    include_str!("fixtures/everything.yaml"),
];

/// What is thrown in: the letters that mean something to YAML or to us, and some that are hard to count.
const PIECES: [&str; 40] = [
    "${",
    "}",
    "{",
    "[",
    "]",
    ":",
    ": ",
    "\n",
    "\n  ",
    "- ",
    "\n- ",
    "&a ",
    "*a",
    "null",
    "~",
    "é",
    "🦀",
    "\t",
    "|\n",
    ">-\n",
    "'",
    "\"",
    "!!str ",
    "%",
    "\u{feff}",
    "\0",
    "\r\n",
    "<<: *a",
    "#",
    " #",
    "$${",
    "${VERSION}",
    "${X:-",
    ",",
    "?",
    "---\n",
    "...",
    "none",
    "-1",
    "\\",
];

/// How many specs are tried.
const ROUNDS: usize = 1500;

#[test]
fn no_change_to_a_spec_makes_the_checks_panic_or_point_outside_the_text() {
    let mut dice = Dice(1);
    for round in 0..ROUNDS {
        let mut text = SPECS[round % SPECS.len()].to_string();
        for _ in 0..=dice.below(4) {
            change(&mut text, &mut dice);
        }
        let target = [None, Some("dev"), Some("test"), Some("slim"), Some("nope")][dice.below(5)];
        try_spec(&text, target);
    }
}

fn try_spec(text: &str, target: Option<&str>) {
    let build = Build {
        target,
        arch: "arm64",
        ..Build::default()
    };
    let source = Source::new("modelcrate.yaml", text);
    let (checked, findings) = check_of(&source, &build);
    assert_eq!(checked.is_some(), !has_errors(&findings), "{text}");
    for finding in &findings {
        let places = finding
            .related
            .iter()
            .map(|(span, _)| span)
            .chain([&finding.span]);
        for span in places {
            assert!(text.get(span.start..span.end).is_some(), "{finding:?}\n{text}");
        }
    }
    render(&source, &findings);
}

fn change(text: &mut String, dice: &mut Dice) {
    let (start, end) = (place(text, dice), place(text, dice));
    let (start, end) = (start.min(end), start.max(end).min(start.min(end) + 40));
    let end = (start..=end)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(start);
    match dice.below(4) {
        0 => text.replace_range(start..end, ""),
        1 => {
            let copy = text[start..end].to_string();
            text.insert_str(end, &copy);
        }
        2 => text.replace_range(start..end, PIECES[dice.below(PIECES.len())]),
        _ => text.insert_str(start, PIECES[dice.below(PIECES.len())]),
    }
}

fn place(text: &str, dice: &mut Dice) -> usize {
    let at = dice.below(text.len() + 1);
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A linear congruential generator (Knuth's MMIX constants): the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}
