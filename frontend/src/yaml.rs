//! Words of the outside as YAML, for the texts that we write.

/// Plain words that YAML takes for something else.
const TAKEN: [&str; 8] = ["true", "false", "null", "yes", "no", "on", "off", "~"];

/// A text as a value, with quotes where it needs them.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./@+-".contains(c);
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(plain)
        && !TAKEN.contains(&text.to_ascii_lowercase().as_str());
    match is_plain {
        true => text.to_owned(),
        false => serde_json::Value::from(text).to_string(),
    }
}

/// Several as a list.
pub fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let words: Vec<String> = texts.iter().map(|text| word(text.as_ref())).collect();
    format!("[{}]", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{list, word};

    #[test]
    fn what_yaml_would_misread_is_quoted() {
        assert_eq!(
            list(&["serve", "8000", "--host", "on", "a b", "${X}"]),
            r#"[serve, "8000", "--host", "on", "a b", "${X}"]"#
        );
        assert_eq!(word("/opt/app.py"), "/opt/app.py");
    }
}
