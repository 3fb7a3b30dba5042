//! The words that a user gave to the program, and what they say about checks.

use std::ffi::OsString;

/// The arguments that follow the image's own entrypoint.
#[derive(Debug)]
pub struct Arguments(Vec<String>);

impl Arguments {
    /// What of `words` (program and arguments) is the user's: what follows the image's entrypoint, or what follows the program
    /// where a derived image has another one.
    pub fn of(words: &[OsString], entrypoint: &[String]) -> Self {
        let words: Vec<String> = words
            .iter()
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let own = match words.starts_with(entrypoint) {
            true => entrypoint.len().max(1),
            false => 1,
        };
        Self(words.into_iter().skip(own).collect())
    }

    /// Nobody who reads a help text wants to hear what a run would need.
    pub fn ask_for_help(&self) -> bool {
        ["--help", "--version"]
            .iter()
            .any(|option| self.has_option(option))
    }

    /// Whether one of `patterns` is there: an option anywhere, words (`config validate`) in front.
    pub fn match_any(&self, patterns: &[String]) -> bool {
        patterns.iter().any(|pattern| match pattern.starts_with('-') {
            true => self.has_option(pattern),
            false => self.starts_with(pattern),
        })
    }

    /// `--` ends the options.
    fn has_option(&self, option: &str) -> bool {
        self.0
            .iter()
            .take_while(|word| *word != "--")
            .any(|word| word == option)
    }

    /// Options in front of and between the words do not count.
    fn starts_with(&self, pattern: &str) -> bool {
        let mut words = self.0.iter().filter(|word| !word.starts_with('-'));
        pattern
            .split_whitespace()
            .all(|wanted| words.next().is_some_and(|word| word == wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(words: &[&str], entrypoint: &[&str]) -> Arguments {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let entrypoint: Vec<String> = entrypoint.iter().map(ToString::to_string).collect();
        Arguments::of(&words, &entrypoint)
    }

    #[test]
    fn what_follows_the_entrypoint_is_the_users() {
        assert_eq!(
            arguments(&["python", "-m", "app", "run"], &["python", "-m", "app"]).0,
            ["run"]
        );
        assert_eq!(arguments(&["bash", "-c", "x"], &["python"]).0, ["-c", "x"]);
        assert_eq!(arguments(&["bash", "x"], &[]).0, ["x"]);
        assert!(arguments(&[], &[]).0.is_empty());
    }

    #[test]
    fn leading_words_and_options_anywhere_match() {
        let run = arguments(
            &["app", "-v", "config", "--strict", "validate", "x.yaml"],
            &["app"],
        );
        let matches = |pattern: &str| run.match_any(&[pattern.to_owned()]);
        assert!(matches("config validate"));
        assert!(matches("config"));
        assert!(matches("--strict"));
        assert!(!matches("validate"));
        assert!(!matches("config validated"));
        assert!(!matches("config validate x.yaml more"));
        assert!(!matches("--str"));
    }

    #[test]
    fn help_is_asked_for_by_an_option_of_the_program_alone() {
        assert!(arguments(&["app", "run", "--help"], &["app"]).ask_for_help());
        assert!(!arguments(&["app", "--", "--help"], &["app"]).ask_for_help());
        assert!(!arguments(&["app", "help"], &["app"]).ask_for_help());
    }
}
