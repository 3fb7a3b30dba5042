//! `budget:`

use super::findings::Findings;
use super::{Budget, size};
use crate::diagnostic::{Diagnostic, code};
use crate::source::Spanned;
use crate::spec::{self, Entry, Except, Field, Spec, Text};

/// What the image may weigh, when the spec says it.
pub fn budget(spec: &Spec, findings: &mut Findings) -> Option<Budget> {
    let written = spec.budget.get()?;
    let mut size = |field: &Field<Text>| {
        let size = field.get().map(limit).transpose();
        findings.keep(size).flatten()
    };
    let budget = Budget {
        unpacked: size(&written.unpacked),
        compressed: size(&written.compressed),
        layers: written
            .layers
            .get()
            .map(|layers| Spanned::new(layers.value.0, layers.span)),
        except_models: leaves_out(written, Except::Models),
        except_base: leaves_out(written, Except::Base),
    };
    findings.0.extend(no_layers(&budget));
    findings.0.extend(no_limit(written));
    Some(budget)
}

fn limit(entry: &Entry<Text>) -> Result<Spanned<u64>, Diagnostic> {
    let size = size::size(entry)?;
    if size.value == 0 {
        let message = "no image fits into nothing";
        return Err(Diagnostic::error(code::INVALID_SIZE, entry.span, message)
            .hint("leave the limit out where there is none"));
    }
    Ok(size)
}

fn leaves_out(written: &spec::Budget, part: Except) -> bool {
    written.except.items().iter().any(|except| except.value == part)
}

fn no_layers(budget: &Budget) -> Option<Diagnostic> {
    let layers = budget.layers.as_ref().filter(|layers| layers.value == 0)?;
    Some(
        Diagnostic::error(code::INVALID_SIZE, layers.span, "no image has no layers")
            .hint("an engine takes about a hundred: `layers: 60`"),
    )
}

fn no_limit(written: &Entry<spec::Budget>) -> Option<Diagnostic> {
    let limits = [
        written.unpacked.is_written(),
        written.compressed.is_written(),
        written.layers.is_written(),
    ];
    if limits.contains(&true) {
        return None;
    }
    Some(
        Diagnostic::warning(code::NO_EFFECT, written.key, "this budget limits nothing")
            .hint("add `unpacked: 10GB`, `compressed: 4GB` or `layers: 60`"),
    )
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::check_diagnostics;

    #[test]
    fn a_size_has_a_unit() {
        check_diagnostics(
            r#"
              budget: { unpacked: 10, compressed: 4G }
            #                     ^^ error[invalid-size]: `10` is not a size
            # = hint: write a number and `kB`, `MB`, `GB` (powers of ten), `KiB`, `MiB` or `GiB` (powers of two): `10GB`
            #                                     ^^ error[invalid-size]: `4G` is not a size
            # = hint: write `4GB` for powers of ten, `4GiB` for powers of two
        "#,
        );
    }

    #[test]
    fn a_size_is_a_number() {
        check_diagnostics(
            r#"
              budget: { unpacked: large, compressed: -4GB }
            #                     ^^^^^ error[invalid-size]: `large` is not a size
            # = hint: write a number and `kB`, `MB`, `GB` (powers of ten), `KiB`, `MiB` or `GiB` (powers of two): `10GB`
            #                                        ^^^^ error[invalid-size]: `-4GB` is not a size
            # = hint: write a number and `kB`, `MB`, `GB` (powers of ten), `KiB`, `MiB` or `GiB` (powers of two): `10GB`
        "#,
        );
    }

    #[test]
    fn one_size_is_that_of_the_files() {
        check_diagnostics(
            r#"
              budget: ten gigabytes
            #         ^^^^^^^^^^^^^ error[invalid-size]: `ten gigabytes` is not a size
            # = hint: write a number and `kB`, `MB`, `GB` (powers of ten), `KiB`, `MiB` or `GiB` (powers of two): `10GB`
        "#,
        );
    }

    #[test]
    fn nothing_fits_into_nothing() {
        check_diagnostics(
            r#"
              budget: { unpacked: 0GB, layers: 0 }
            #                     ^^^ error[invalid-size]: no image fits into nothing
            # = hint: leave the limit out where there is none
            #                                  ^ error[invalid-size]: no image has no layers
            # = hint: an engine takes about a hundred: `layers: 60`
        "#,
        );
    }

    #[test]
    fn only_parts_of_an_image_can_be_left_out() {
        check_diagnostics(
            r#"
              budget: { unpacked: 1GB, except: [model, apt] }
            #                                   ^^^^^ error[unknown-choice]: `model` is no choice for `except`
            # = hint: did you mean `models`?
            #                                          ^^^ error[unknown-choice]: `apt` is no choice for `except`
            # = hint: the choices are `models` and `base`
        "#,
        );
    }

    #[test]
    fn a_budget_has_a_limit() {
        check_diagnostics(
            r#"
              budget: { except: models }
            # ^^^^^^ warning[no-effect]: this budget limits nothing
            # = hint: add `unpacked: 10GB`, `compressed: 4GB` or `layers: 60`
        "#,
        );
    }

    #[test]
    fn a_limit_has_a_name() {
        check_diagnostics(
            r#"
              budget: { size: 10GB, unpaked: 1GB, layers: many }
            #           ^^^^ error[unknown-key]: unknown key `size`
            # = hint: did you mean `unpacked`?
            #                       ^^^^^^^ error[unknown-key]: unknown key `unpaked`
            # = hint: did you mean `unpacked`?
            #                                             ^^^^ error[wrong-type]: `layers` must be a whole number, not `many`
        "#,
        );
    }

    #[test]
    fn a_target_has_a_budget_of_its_own() {
        check_diagnostics(
            r#"
              budget: 10GB
              targets:
                slim: { budget: { unpacked: 1 GB, except: [models, base] } }
                large: { budget: null }
        "#,
        );
    }
}
