//! `apt:` and every other list of Debian packages.

use super::findings::Findings;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{Entry, Field, List, Text};

/// Packages, sorted, each once.
pub fn packages(list: &Field<List<Text>>, findings: &mut Findings) -> Vec<Spanned<String>> {
    let mut packages = findings.keep_all(list.items().iter().map(package));
    packages.sort_by(|a, b| a.value.cmp(&b.value));
    packages.dedup_by(|later, first| later.value == first.value);
    packages
}

/// `name`, `name=version`, `name/release` or `name:arch`, as `apt-get install` takes it; names by Debian policy 5.6.1.
fn package(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let end = text.find(['=', '/', ':']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let letters = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let pinned = rest.chars().all(|c| c.is_ascii_graphic()) && rest.len() != 1;
    if starts && letters && pinned && name.len() > 1 {
        return Ok(Spanned::new(text.to_string(), entry.span));
    }
    let message = format!("`{text}` is not a Debian package");
    let finding = Diagnostic::error(code::INVALID_PACKAGE, entry.span, message);
    Err(match text {
        _ if text.trim().contains(char::is_whitespace) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            finding.hint(format!(
                "each package is an item of its own: `[{}]`",
                words.join(", ")
            ))
        }
        _ if text.starts_with('-') => finding.hint("options are modelcrate's: name packages alone"),
        _ => finding.hint("names are lower case; a version is written `name=version`"),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn packages_are_items() {
        check_diagnostics(
            r#"
              apt: git make
            #      ^^^^^^^^ error[invalid-package]: `git make` is not a Debian package
            # = hint: each package is an item of its own: `[git, make]`
        "#,
        );
    }

    #[test]
    fn packages_are_lower_case() {
        check_diagnostics(
            r#"
              apt: [Git, "libssl3=3.0.1-1", g++, -y]
            #       ^^^ error[invalid-package]: `Git` is not a Debian package
            # = hint: names are lower case; a version is written `name=version`
            #                                    ^^ error[invalid-package]: `-y` is not a Debian package
            # = hint: options are modelcrate's: name packages alone
        "#,
        );
    }
}
