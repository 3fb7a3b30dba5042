//! Words as a Dockerfile, a shell and JSON want them.

/// A word of a shell's command line.
pub(super) fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A command line of words.
pub(super) fn command(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| shell(word)).collect();
    words.join(" ")
}

/// The JSON form of `RUN`, `ENTRYPOINT`, `CMD`, in which nothing is expanded.
pub(super) fn json(words: &[String]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| serde_json::Value::from(word.as_str()).to_string())
        .collect();
    format!("[{}]", words.join(", "))
}

/// A value of `ENV` and `LABEL`, in which quotes, backslashes and dollars mean something
/// (buildkit `frontend/dockerfile/shell/lex.go`).
pub(super) fn value(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in value.chars() {
        if matches!(c, '"' | '\\' | '$') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// A path of `COPY`, `WORKDIR` and the like, in which dollars are expanded.
pub(super) fn path(path: &str) -> String {
    path.replace('\\', r"\\").replace('$', r"\$")
}

/// The paths of `COPY`: words, or JSON where one has a space.
pub(super) fn paths(from: &str, to: &str) -> String {
    let (from, to) = (path(from), path(to));
    if from.contains(char::is_whitespace) || to.contains(char::is_whitespace) || from.starts_with('[') {
        return json(&[from, to]);
    }
    format!("{from} {to}")
}

/// The value of a flag: the whole of `--mount` is one line of CSV, whose fields are quoted where they have a comma.
pub(super) fn field(key: &str, value: &str) -> String {
    let field = format!("{key}={}", path(value));
    if field.contains([',', '"']) {
        return format!("\"{}\"", field.replace('"', "\"\""));
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_shell_stay_words() {
        assert_eq!(shell("--index=a.b/c"), "--index=a.b/c");
        assert_eq!(shell(""), "''");
        assert_eq!(shell("it's $5"), r"'it'\''s $5'");
    }

    #[test]
    fn values_are_what_they_were() {
        assert_eq!(value("1"), "1");
        assert_eq!(value(""), "\"\"");
        assert_eq!(value(r#"a "b" \ $c"#), r#""a \"b\" \\ \$c""#);
    }

    #[test]
    fn paths_with_spaces_are_json() {
        assert_eq!(paths("a", "/b/"), "a /b/");
        assert_eq!(paths("a b", "/$c"), r#"["a b", "/\\$c"]"#);
    }

    #[test]
    fn fields_with_commas_are_quoted() {
        assert_eq!(field("source", "/a"), "source=/a");
        assert_eq!(field("source", "/a,b"), "\"source=/a,b\"");
    }
}
