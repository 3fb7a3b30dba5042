//! Web addresses.

use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Text};

/// An `http://` or `https://` address.
///
/// # Errors
/// When it is something else. Passwords in it are found by the rule for literal secrets.
pub fn http(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let host = rest.map(host).unwrap_or_default();
    if !host.is_empty() && !text.contains(char::is_whitespace) {
        return Ok(Spanned::new(text.to_string(), entry.span));
    }
    let message = format!("`{text}` is not a web address");
    let finding = Diagnostic::error(code::INVALID_URL, entry.span, message);
    let name = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    Err(
        match name && !text.contains("://") && !text.contains(char::is_whitespace) {
            true => finding.hint(format!("write `https://{text}`")),
            false => finding.hint("write `https://HOST/PATH`"),
        },
    )
}

/// The part between the scheme and the path, without a user.
pub fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}
