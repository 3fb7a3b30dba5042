//! Drawn specs: what is found about args.

use crate::check::drawn::{Build, check_diagnostics, check_diagnostics_of};

#[test]
fn an_arg_without_a_default_must_be_given() {
    check_diagnostics(
        r#"
              args: { BASE: null }
            #         ^^^^ error[missing-arg]: `BASE` must be given
            # = label: declared without a default
            # = hint: build with `--build-arg BASE=…`
              base: ${BASE}
        "#,
    );
}

#[test]
fn args_that_need_each_other_are_a_cycle() {
    check_diagnostics(
        r#"
              args:
                A: ${B}
                B: x${C}
                C: ${A}
            #      ^^^^ error[arg-cycle]: args need each other: `A` needs `B` needs `C` needs `A`
            # = hint: give one of them a default of its own
              base: ${A}
        "#,
    );
}

#[test]
fn an_arg_without_a_value_for_the_platform_says_so() {
    let build = Build {
        arch: "arm64",
        ..Build::default()
    };
    check_diagnostics_of(
        r#"
              args: { ARCHS: { amd64: "80" } }
            #         ^^^^^ error[missing-platform]: `ARCHS` has no value for linux/arm64
            # = hint: add `arm64: …` to it, or build with `--build-arg ARCHS=…`
              cuda: { version: 12.8.1, archs: "${ARCHS}" }
        "#,
        &build,
    );
}

#[test]
fn an_arg_without_a_value_for_the_platform_is_fine_where_it_is_not_used() {
    let build = Build {
        arch: "arm64",
        ..Build::default()
    };
    check_diagnostics_of(
        r#"
              args: { ARCHS: { amd64: "80" } }
              targets:
                gpu: { cuda: { version: 12.8.1, archs: "${ARCHS}" } }
        "#,
        &build,
    );
}

#[test]
fn platforms_have_gos_names() {
    check_diagnostics(
        r#"
              args: { A: { x86_64: "1", aarch64: "2", sparc: "3" } }
            #              ^^^^^^ error[unknown-platform]: `x86_64` is not a platform
            # = hint: did you mean `amd64`?
            #                           ^^^^^^^ error[unknown-platform]: `aarch64` is not a platform
            # = hint: did you mean `arm64`?
            #                                         ^^^^^ error[unknown-platform]: `sparc` is not a platform
            # = hint: write an architecture such as `amd64` or `arm64`, or `linux/arm/v7`
              env: { A: "${A}" }
        "#,
    );
}

#[test]
fn names_of_platforms_cannot_be_declared() {
    check_diagnostics(
        r#"
              args: { TARGETARCH: amd64 }
            #         ^^^^^^^^^^ error[reserved-name]: `TARGETARCH` is set by modelcrate
            # = hint: `${TARGETARCH}` works without declaring it
              env: { ARCH: "${TARGETARCH}" }
        "#,
    );
}

#[test]
fn an_arg_is_no_list() {
    check_diagnostics(
        r#"
              args: { A: [x, y] }
            #             ^ error[wrong-type]: the default of `A` must be text, not a list
            # = hint: write one text, such as "80;90", or a value for each platform: `{ amd64: …, arm64: … }`
              env: { A: "${A}" }
        "#,
    );
}

#[test]
fn args_are_a_mapping() {
    check_diagnostics(
        r#"
              args: [A, B]
            #        ^ error[wrong-type]: `args` must be a mapping of names to defaults, not a list
            # = hint: write `args: { NAME: default }`; `null` is for an arg that must be given
        "#,
    );
}

#[test]
fn an_arg_has_a_name_like_a_variable() {
    check_diagnostics(
        r#"
              args: { my-arg: x }
            #         ^^^^^^ error[invalid-name]: `my-arg` is not a name for an arg
            # = hint: use letters, digits and `_`, and start with a letter
            #         ^^^^^^ warning[unused-arg]: nothing uses the arg `my-arg`
            # = hint: write `${my-arg}` where its value belongs, or leave it out
              env: { A: "${my-arg}" }
            #            ^^^^^^^^^ error[bad-interpolation]: this is neither `${NAME}` nor `${NAME:-default}`
            # = hint: write `$${` for the text `${` itself
        "#,
    );
}

#[test]
fn a_wrong_default_is_told_where_it_stands() {
    check_diagnostics(
        r#"
              args: { A: "${NOPE}" }
            #             ^^^^^^^ error[undefined-name]: nothing defines `${NOPE}`
            # = hint: declare it: `args: { NOPE: default }`; or write `$${NOPE}` for the text itself
              env: { A: "${A}", B: "${A}" }
        "#,
    );
}

#[test]
fn a_given_value_replaces_the_default_and_is_taken_as_it_is() {
    let build = Build {
        build_args: &[("A", "$(id)")],
        ..Build::default()
    };
    check_diagnostics_of(
        r#"
              args: { A: null }
              env: { A: "x${A}" }
              user: ${A}
            #       ^^^^ error[invalid-user]: `$(id)` is not a name for a user
            # = hint: use up to 32 lower-case letters, digits, `_` and `-`, and start with a letter
        "#,
        &build,
    );
}

#[test]
fn args_cannot_double_each_other_without_end() {
    check_diagnostics(
        r#"
              args:
                A: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                B: ${A}${A}${A}${A}${A}${A}${A}${A}
                C: ${B}${B}${B}${B}${B}${B}${B}${B}
                D: ${C}${C}${C}${C}${C}${C}${C}${C}
                E: ${D}${D}${D}${D}${D}${D}${D}${D}
            #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[too-large]: this becomes longer than 64 KiB
              name: ${E}
        "#,
    );
}
