//! Compilers whose name means another one tomorrow.

use super::Checked;
use crate::diagnostic::{Diagnostic, code};
use crate::rust::Channel;

/// Rust's `stable`.
pub(super) fn find(checked: &Checked) -> Vec<Diagnostic> {
    let toolchains = checked.rust.iter().filter_map(|rust| rust.toolchain.as_ref());
    let moving = toolchains.filter(|toolchain| toolchain.value == Channel::Stable);
    let found = moving.map(|toolchain| {
        let message = "`stable` is another compiler with each release of Rust";
        Diagnostic::warning(code::UNPINNED_TOOL, toolchain.span, message)
            .hint("write a release: `toolchain: \"1.95\"`, or keep it in `rust-toolchain.toml`")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_channel_that_moves_is_a_warning() {
        check_diagnostics(
            r#"
              rust: { package: node, toolchain: stable }
            #                                   ^^^^^^ warning[unpinned-tool]: `stable` is another compiler with each release of Rust
            # = hint: write a release: `toolchain: "1.95"`, or keep it in `rust-toolchain.toml`
        "#,
        );
    }

    #[test]
    fn a_release_and_a_day_stay_what_they_are() {
        check_diagnostics(
            r#"
              rust:
                - { package: a, toolchain: "1.85" }
                - { package: b, toolchain: nightly-2026-01-15 }
        "#,
        );
    }
}
