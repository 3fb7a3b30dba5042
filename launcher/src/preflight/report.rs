//! Findings on standard error.

use std::io::Write;

use super::Finding;

/// What findings lead to, `PREFLIGHT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is looked at.
    Off,
    /// They are told, and the program starts.
    Warn,
    /// They are told, and the program does not start.
    Strict,
}

impl Mode {
    /// The value of `PREFLIGHT`; an empty one is none.
    ///
    /// # Errors
    /// For every other word, with the choices.
    pub fn parse(word: &str) -> Result<Self, String> {
        match word {
            "off" => Ok(Self::Off),
            "warn" | "" => Ok(Self::Warn),
            "strict" => Ok(Self::Strict),
            _ => Err(format!(
                "PREFLIGHT is `{}`, taken for `warn`: the choices are `off`, `warn` and `strict`",
                one_line(word)
            )),
        }
    }
}

/// How findings are told, `PREFLIGHT_FORMAT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A line for people.
    Text,
    /// A JSON object on a line.
    Json,
}

impl Form {
    /// The value of `PREFLIGHT_FORMAT`; text for everything but `json`.
    pub fn of(word: Option<&str>) -> Self {
        match word {
            Some("json") => Self::Json,
            _ => Self::Text,
        }
    }
}

/// Tells each finding in a line of its own. A closed standard error changes nothing.
pub fn report(findings: &[Finding], form: Form, mode: Mode) {
    let mut text: String = findings.iter().map(|finding| line(finding, form)).collect();
    if let (Some(first), Form::Text, Mode::Strict) = (findings.first(), form, mode) {
        text += &format!(
            "preflight: not started, exit code {}: PREFLIGHT is `strict`\n",
            first.check.exit_code()
        );
    }
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn line(finding: &Finding, form: Form) -> String {
    let Finding {
        check,
        what,
        why,
        fix,
    } = finding;
    match form {
        Form::Text => one_line(&format!("preflight[{}]: {what}: {why}; {fix}", check.name())) + "\n",
        Form::Json => {
            let object = serde_json::json!({
                "preflight": check.name(), "what": what, "why": why, "fix": fix, "exit_code": check.exit_code(),
            });
            object.to_string() + "\n"
        }
    }
}

/// Values of the environment may hold anything.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::super::Check;
    use super::*;

    #[test]
    fn a_finding_is_one_line_whatever_it_speaks_of() {
        let finding = Check::Shm.finding("a\nb", "c \"d\"", "add `e`\u{1b}[2J");
        assert_eq!(
            line(&finding, Form::Text),
            "preflight[shm]: a\u{fffd}b: c \"d\"; add `e`\u{fffd}[2J\n"
        );
        let json = line(&finding, Form::Json);
        assert_eq!(json.matches('\n').count(), 1);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&read["what"], &read["exit_code"]), (&"a\nb".into(), &84.into()));
    }

    #[test]
    fn a_mode_is_one_of_three_words() {
        assert_eq!(Mode::parse(""), Ok(Mode::Warn));
        assert_eq!(Mode::parse("strict"), Ok(Mode::Strict));
        assert!(Mode::parse("STRICT").unwrap_err().contains("the choices are"));
    }
}
