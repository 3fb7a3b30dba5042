//! Drawn specs: what is found about `rust:`.

use crate::check::drawn::check_diagnostics;

#[test]
fn a_workspace_is_in_the_context() {
    check_diagnostics(
        r#"
              rust: { path: ../node }
            #               ^^^^^^^ error[invalid-path]: `../node` is outside the build context
            # = hint: build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`
        "#,
    );
}

#[test]
fn packages_and_programs_have_names() {
    check_diagnostics(
        r#"
              rust:
                package: crates/node
            #            ^^^^^^^^^^^ error[invalid-name]: `crates/node` is not the name of a package
            # = hint: a folder goes under `path`
                bins: ["node d"]
            #          ^^^^^^^^ error[invalid-name]: `node d` is not the name of a program
            # = hint: write the name that `Cargo.toml` says
        "#,
    );
}

#[test]
fn a_program_goes_to_an_absolute_path() {
    check_diagnostics(
        r#"
              rust: { package: node, install: { node: bin/node, other: /opt/ } }
            #                                         ^^^^^^^^ error[invalid-path]: where a program goes must be an absolute path, not `bin/node`
            # = hint: write `/bin/node`
        "#,
    );
}

#[test]
fn a_toolchain_is_the_same_compiler_tomorrow() {
    check_diagnostics(
        r#"
              rust:
                - { package: a, toolchain: nightly }
            #                              ^^^^^^^ error[invalid-version]: images cannot be built with Rust `nightly`
            # = hint: it is another compiler every day: name the day, such as `nightly-2026-01-15`
                - { package: b, toolchain: "1.56" }
            #                              ^^^^^^ error[invalid-version]: images cannot be built with Rust `1.56`
            # = hint: write 1.70 or later
                - { package: c, toolchain: ">=1.75" }
            #                              ^^^^^^^^ error[invalid-version]: images cannot be built with Rust `>=1.75`
            # = hint: write a release such as `1.75`, `stable`, or a nightly with its day such as `nightly-2026-01-15`
        "#,
    );
}

#[test]
fn link_time_optimisation_is_a_choice() {
    check_diagnostics(
        r#"
              rust: { package: node, lto: thn, codegen_units: 0 }
            #                             ^^^ error[unknown-choice]: `thn` is no choice for `lto`
            # = hint: did you mean `thin`?
            #                                                 ^ error[wrong-type]: a crate is compiled in at least one part
            # = hint: write `codegen_units: 1` for the fastest program
        "#,
    );
}

#[test]
fn a_target_runs_in_an_image() {
    check_diagnostics(
        r#"
              rust: { package: node, target: x86_64-pc-windows-gnu }
            #                                ^^^^^^^^^^^^^^^^^^^^^ error[unknown-choice]: `x86_64-pc-windows-gnu` is not a target that images run
            # = hint: write `gnu`, `musl` for a static program, or a triple such as `x86_64-unknown-linux-musl`
        "#,
    );
}

#[test]
fn all_features_are_all() {
    check_diagnostics(
        r#"
              rust: { package: node, features: "tls http", all_features: true }
            #                        ^^^^^^^^ error[conflict]: `features` says nothing where all features are on
            # = hint: leave out `features` or `all_features`
            #                                              ------------ all are on
            #                                  ^^^^^^^^^^ error[invalid-name]: `tls http` is not a feature
            # = hint: each feature is an item of its own: `[tls, http]`
        "#,
    );
}

#[test]
fn a_profile_is_called_by_its_name() {
    check_diagnostics(
        r#"
              rust: { package: node, profile: debug }
            #                                 ^^^^^ error[unknown-choice]: cargo has no profile `debug`
            # = hint: its name is `dev`; `debug` is its folder
        "#,
    );
}

#[test]
fn two_programs_have_two_places() {
    check_diagnostics(
        r#"
              rust:
                - { package: a, bins: [node] }
            #     ---------------------------- the other one
                - { package: b, install: { other: /usr/local/bin/node } }
            #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[duplicate-value]: two programs are installed as `/usr/local/bin/node`
            # = hint: say where each goes: `install: { PROGRAM: /path }`
        "#,
    );
}

#[test]
fn libraries_of_debian_are_not_linked_into_static_programs() {
    check_diagnostics(
        r#"
              base: scratch
            #       ------- runs static programs alone
              rust: { package: node, apt: [libssl-dev, libclang-dev, make] }
            #                              ^^^^^^^^^^ warning[no-effect]: `libssl-dev` cannot be linked into a static program: it is for glibc
            # = hint: use a feature of the crate that brings the library along (`vendored`, `bundled`, `rustls`), or a base with glibc
        "#,
    );
}

#[test]
fn what_makes_builds_the_same_is_not_changed() {
    check_diagnostics(
        r#"
              rust: { package: node, env: { CARGO_TARGET_DIR: /x, RUSTFLAGS: -Ctarget-cpu=native } }
            #                               ^^^^^^^^^^^^^^^^ error[reserved-name]: `CARGO_TARGET_DIR` is set by modelcrate
            # = hint: leave it out: what it says is what makes builds the same everywhere
        "#,
    );
}

#[test]
fn tokens_are_ids_of_secrets() {
    check_diagnostics(
        r#"
              secrets: [git_token]
            # ------- the secrets of this spec
              rust: { package: node, token: git_token, registries: { corp: corp_token } }
            #                                                              ^^^^^^^^^^ error[undeclared-secret]: `secrets` does not list `corp_token`
            # = hint: did you mean `git_token`?
            # = hint: or add `corp_token` to it
        "#,
    );
}

#[test]
fn a_package_or_a_folder_is_enough() {
    check_diagnostics(
        r#"
              rust: [node, services/api, .]
        "#,
    );
}
