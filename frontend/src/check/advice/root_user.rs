//! A program that runs as root.

use super::{Checked, is_started};
use crate::check::{User, defaults};
use crate::diagnostic::{Diagnostic, code};

/// `user: root` of an image that starts something.
pub(super) fn find(checked: &Checked) -> Vec<Diagnostic> {
    let User::Root(span) = checked.user else {
        return Vec::new();
    };
    if !is_started(checked) {
        return Vec::new();
    }
    let hint = format!(
        "leave `user` out for a user of its own with uid {}, or name one: `user: app`",
        defaults::UID
    );
    vec![Diagnostic::warning(code::ROOT_USER, span, "the program of this image runs as root").hint(hint)]
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_program_that_runs_as_root_is_a_warning() {
        check_diagnostics(
            r#"
              user: root
            # ^^^^^^^^^^ warning[root-user]: the program of this image runs as root
            # = hint: leave `user` out for a user of its own with uid 1000, or name one: `user: app`
              entrypoint: [server]
        "#,
        );
    }

    #[test]
    fn an_image_that_starts_nothing_may_be_roots() {
        check_diagnostics(
            r#"
              user: root
              copy: [{ a: /a }]
        "#,
        );
    }
}
