//! Compilers and headers in the image that ships.

use super::Checked;
use crate::diagnostic::{Diagnostic, code};
use crate::source::Span;

/// A `devel` flavour as the base that ships.
pub(super) fn find(checked: &Checked) -> Vec<Diagnostic> {
    let Some(base) = checked
        .base
        .image
        .as_ref()
        .filter(|base| base.span != Span::default())
    else {
        return Vec::new();
    };
    let tag = base.value.rsplit_once(':').map_or("", |(_, tag)| tag);
    if !tag
        .split('-')
        .any(|word| matches!(word, "devel" | "dev" | "build"))
    {
        return Vec::new();
    }
    let message = format!(
        "`{}` brings compilers and headers into the image that ships",
        base.value
    );
    let finding = Diagnostic::warning(code::DEVEL_BASE, base.span, message);
    vec![finding.hint(
        "use the flavour without compilers, and compile where it does not ship: `cuda`, `cmake`, `rust` or `run: [{ stage: build, … }]`",
    )]
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_compiler_that_ships_is_a_warning() {
        check_diagnostics(
            r#"
              base: nvidia/cuda:12.8.1-devel-ubuntu22.04
            #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[devel-base]: `nvidia/cuda:12.8.1-devel-ubuntu22.04` brings compilers and headers into the image that ships
            # = hint: use the flavour without compilers, and compile where it does not ship: `cuda`, `cmake`, `rust` or `run: [{ stage: build, … }]`
        "#,
        );
    }

    #[test]
    fn a_compiler_that_only_builds_is_right() {
        check_diagnostics(
            r#"
              cuda: { version: "12.8.1", image: runtime, build: devel }
        "#,
        );
    }
}
