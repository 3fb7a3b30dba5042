//! Words of the outside as a spec has them.

use crate::yaml;

/// A text as a value; `${` stays what it is.
pub(super) fn word(text: &str) -> String {
    yaml::word(&literal(text))
}

/// Several as a list.
pub(super) fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| literal(text.as_ref())).collect();
    yaml::list(&texts)
}

/// A sentence as a value.
pub(super) fn sentence(text: &str) -> String {
    let text = literal(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let plain = |c: char| c.is_ascii_alphanumeric() || " .,;()'/_+-".contains(c);
    match text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(plain) && text.contains(' ')
    {
        true => text,
        false => serde_json::Value::from(text).to_string(),
    }
}

/// A name for images and models: lower-case letters, digits and dashes.
pub(super) fn name(text: &str) -> Option<String> {
    let dashed = text
        .to_ascii_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let parts: Vec<&str> = dashed.split('-').filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("-"))
}

fn literal(text: &str) -> String {
    text.replace("${", "$${")
}

#[cfg(test)]
mod tests {
    use super::{name, sentence, word};

    #[test]
    fn what_a_spec_would_replace_is_literal() {
        assert_eq!(word("${X}"), r#""$${X}""#);
        assert_eq!(sentence("A small\n server"), "A small server");
        assert_eq!(sentence("key: value"), r#""key: value""#);
    }

    #[test]
    fn a_name_has_letters_digits_and_single_dashes() {
        assert_eq!(name("My App__2"), Some("my-app-2".into()));
        assert_eq!(name("___"), None);
    }
}
