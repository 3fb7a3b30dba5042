//! Durations: `30s`, `5m`, `1m30s`, `500ms`.

use std::time::Duration;

use crate::diagnostic::{Diagnostic, code};
use crate::spec::{Entry, Text};

/// Units and their milliseconds, longest names first.
const UNITS: [(&str, u64); 4] = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];

/// A duration of a millisecond or more: engines take zero for "not written".
///
/// # Errors
/// With the form that was probably meant.
pub fn duration(entry: &Entry<Text>, key: &str) -> Result<Duration, Diagnostic> {
    let text: &str = entry;
    let finding = |message: String| Diagnostic::error(code::INVALID_DURATION, entry.span, message);
    match milliseconds(text) {
        Some(0) => {
            Err(finding(format!("`{key}` cannot be zero")).hint("leave it out for the engine's own time"))
        }
        Some(milliseconds) => Ok(Duration::from_millis(milliseconds)),
        None => {
            let bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
            let hint = match bare {
                true => format!("write `{text}s` for seconds"),
                false => "write `30s`, `5m`, `1m30s` or `500ms`".to_string(),
            };
            Err(finding(format!("`{text}` is not a duration")).hint(hint))
        }
    }
}

fn milliseconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let (unit, length) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
        rest = &rest[unit.len()..];
        total = total.checked_add(number.checked_mul(*length)?)?;
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn durations_add_up_their_units() {
        assert_eq!(milliseconds("1h1m1s1ms"), Some(3_661_001));
        assert_eq!(milliseconds("90s"), Some(90_000));
        for wrong in ["", "30", "s", "1.5s", "-1s", "1 s", "99999999999999999999s", "1d"] {
            assert_eq!(milliseconds(wrong), None, "{wrong}");
        }
    }
}
