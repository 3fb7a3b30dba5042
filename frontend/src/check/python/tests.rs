//! Drawn specs: what is found about `python:`.

use super::Uv;
use crate::check::drawn::{Build, check_diagnostics, check_of};
use crate::source::Source;

#[test]
fn a_version_is_no_range() {
    check_diagnostics(
        r#"
              python: ">=3.11"
            #         ^^^^^^^^ error[invalid-version]: `>=3.11` is not a version of Python
            # = hint: an image has one version: write `3.11` or `3.11.13`; ranges belong into `pyproject.toml`
        "#,
    );
}

#[test]
fn a_version_is_python_three() {
    check_diagnostics(
        r#"
              python: { version: "2.7", uv: latest }
            #                    ^^^^^ error[invalid-version]: `2.7` is not a version of Python
            # = hint: write `3.11` or `3.11.13`
            #                               ^^^^^^ error[invalid-version]: `latest` is not a version of uv
            # = hint: write all three numbers, such as `0.13.8`, or an image such as `registry.example.com/uv:0.13.8`
        "#,
    );
}

#[test]
fn versions_keep_their_digits() {
    check_diagnostics(
        r#"
              python: { version: 3.10, uv: 0.9.14 }
        "#,
    );
}

#[test]
fn an_old_uv_cannot_do_the_work() {
    check_diagnostics(
        r#"
              python: { version: "3.12", uv: 0.4.0 }
            #                                ^^^^^ error[invalid-version]: uv 0.4.0 cannot install from a `pylock.toml`
            # = hint: write 0.6.15 or later, such as `0.13.8`
        "#,
    );
}

#[test]
fn requirements_have_no_project() {
    check_diagnostics(
        r#"
              python: { requirements: requirements.txt, extras: [gpu], project: . }
            #                                           ^^^^^^ error[conflict]: `extras` is for a project, and this spec installs `requirements`
            # = hint: leave out `extras` or `requirements`
            #           ------------ installed instead of a project
            #                                                          ^^^^^^^ error[conflict]: either a project or `requirements` can be installed
            # = hint: leave out `project` or `requirements`
            #           ------------ installed instead of a project
        "#,
    );
}

#[test]
fn no_project_has_no_groups() {
    check_diagnostics(
        r#"
              python: { project: none, groups: [dev] }
            #                          ^^^^^^ error[conflict]: `groups` is for a project, and `project` is `none`
            # = hint: leave out `groups` or `project: none`
        "#,
    );
}

#[test]
fn a_project_is_in_the_context() {
    check_diagnostics(
        r#"
              python: { project: ../other }
            #                    ^^^^^^^^ error[invalid-path]: `../other` is outside the build context
            # = hint: build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`
        "#,
    );
}

#[test]
fn an_interpreter_is_a_choice_or_a_path() {
    check_diagnostics(
        r#"
              python: { interpreter: conda }
            #                        ^^^^^ error[unknown-choice]: `conda` is no choice for `interpreter`
            # = hint: write `auto`, `uv`, or the absolute path of one in the base, such as `/usr/bin/python3`
        "#,
    );
}

#[test]
fn an_index_says_something() {
    check_diagnostics(
        r#"
              python:
                indexes:
                  corp: {}
            #     ^^^^ error[missing-key]: nothing is said about the index `corp`
            # = hint: give its `url`, or the ids of the secrets for its `username` and `password`
                  other: pypi.example.com/simple
            #            ^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `pypi.example.com/simple` is not a web address
            # = hint: write `https://pypi.example.com/simple`
        "#,
    );
}

#[test]
fn a_credential_is_the_id_of_a_secret() {
    check_diagnostics(
        r#"
              python: { indexes: { corp: { password: "my secret" } } }
            #                                        ^^^^^^^^^^^ error[invalid-name]: `my secret` is not the id of a secret
            # = hint: write an id of letters, digits, `_`, `-` and `.`; its value is given with `--secret id=ID,env=NAME` or `src=FILE`
        "#,
    );
}

#[test]
fn an_extra_is_a_name() {
    check_diagnostics(
        r#"
              python: { extras: ["gpu,cpu"] }
            #                    ^^^^^^^^^ error[invalid-name]: `gpu,cpu` is not a name for an extra
            # = hint: each name is an item of its own
        "#,
    );
}

#[test]
fn mirrors_are_addresses() {
    check_diagnostics(
        r#"
              python: { mirror: /mirror }
            #                   ^^^^^^^ error[invalid-url]: `/mirror` is not a web address
            # = hint: write `https://HOST/PATH`
        "#,
    );
}

#[test]
fn a_mirror_is_for_interpreters_that_are_downloaded() {
    check_diagnostics(
        r#"
              python: { interpreter: /usr/bin/python3, mirror: "https://mirror.example.com" }
            #                                          ^^^^^^ warning[no-effect]: `mirror` changes nothing: the interpreter is the base's
            #                        ---------------- the base's interpreter
        "#,
    );
}

#[test]
fn an_index_has_a_name() {
    check_diagnostics(
        r#"
              python: { indexes: { "my corp": { password: corp } } }
            #                      ^^^^^^^^^ error[invalid-name]: `my corp` is not a name for an index
            # = hint: use letters, digits, `.`, `_` and `-`
        "#,
    );
}

#[test]
fn uv_may_come_from_an_image_of_ones_own() {
    check_diagnostics(
        r#"
              python: { uv: "registry.example.com/uv:0.13.8" }
        "#,
    );
}

#[test]
fn an_image_may_begin_with_a_number() {
    let uv = |text: &str| {
        let spec = format!("python: {{ uv: \"{text}\" }}\n");
        let (checked, _) = check_of(&Source::new("modelcrate.yaml", spec), &Build::default());
        checked.unwrap().python.unwrap().uv.value
    };
    assert_eq!(uv("0.13.8"), Uv::Version("0.13.8".into()));
    let local = "127.0.0.1:5000/uv:0.13.8";
    assert_eq!(uv(local), Uv::Image(local.into()));
}
