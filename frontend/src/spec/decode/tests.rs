//! Drawn specs: values of the wrong shape.

use crate::check::drawn::check_diagnostics;

#[test]
fn a_list_is_not_a_text() {
    check_diagnostics(
        r#"
              name: [a, b]
            #        ^ error[wrong-type]: `name` must be text, not a list
        "#,
    );
}

#[test]
fn a_mapping_is_not_a_list() {
    check_diagnostics(
        r#"
              tools: { uv: latest }
            #          ^^ error[wrong-type]: `tools` must be a list, not a mapping
        "#,
    );
}

#[test]
fn a_list_is_not_a_mapping() {
    check_diagnostics(
        r#"
              env: [A=b]
            #       ^^^ error[wrong-type]: `env` must be a mapping of names to values, not a list
            # = hint: write `env: { NAME: value }`
        "#,
    );
}

#[test]
fn a_text_is_not_a_number() {
    check_diagnostics(
        r#"
              healthcheck: { url: "tcp:80", retries: three }
            #                                        ^^^^^ error[wrong-type]: `retries` must be a whole number, not `three`
        "#,
    );
}

#[test]
fn a_number_is_not_a_switch() {
    check_diagnostics(
        r#"
              secrets: { key: { optional: 1 } }
            #                             ^ error[wrong-type]: `optional` must be `true` or `false`, not `1`
              run: [{ command: make, secrets: [key] }]
        "#,
    );
}

#[test]
fn a_word_that_is_no_choice_shows_the_choices() {
    check_diagnostics(
        r#"
              cuda: { version: 12.8.1, build: full, image: runtme }
            #                                 ^^^^ error[unknown-choice]: `full` is no choice for `build`
            # = hint: the choices are `devel`, `runtime` and `base`
            #                                              ^^^^^^ error[unknown-choice]: `runtme` is no choice for `image`
            # = hint: did you mean `runtime`?
        "#,
    );
}

#[test]
fn nothing_is_not_a_value_of_a_name() {
    check_diagnostics(
        r#"
              env:
                A:
            #   ^ error[no-value]: `A` has no value
            # = hint: write `""` for an empty text; leave the line out for none at all
                B: ""
        "#,
    );
}

#[test]
fn nothing_is_not_an_item() {
    check_diagnostics(
        r#"
              apt:
                - git
                -
            #    ^ error[no-value]: an item of `packages` has no value
            # = hint: write `""` for an empty text; leave the line out for none at all
        "#,
    );
}

#[test]
fn nothing_under_a_key_is_as_if_it_was_not_written() {
    check_diagnostics(
        r#"
              apt:
              env:
              run: []
        "#,
    );
}

#[test]
fn everything_is_found_in_one_run() {
    check_diagnostics(
        r#"
              name: [a]
            #        ^ error[wrong-type]: `name` must be text, not a list
              base: Debian
            #       ^^^^^^ error[invalid-image]: `Debian` is not an image: repository names are lower case
            # = hint: write `debian`
              user: { nme: app }
            # ^^^^ error[missing-key]: `user` needs a `name`
            # = hint: write `user: app`, or `user: 1000:1000` for ids without a name
            #         ^^^ error[unknown-key]: unknown key `nme`
            # = hint: did you mean `name`?
              ports: { http: 99999 }
            #                ^^^^^ error[invalid-port]: `99999` is not a port
            # = hint: ports are numbers from 1 to 65535, `53/udp` for UDP
              healthcheck: { url: "tcp:80", interval: 5 }
            #                                         ^ error[invalid-duration]: `5` is not a duration
            # = hint: write `5s` for seconds
        "#,
    );
}

#[test]
fn one_item_needs_no_list() {
    check_diagnostics(
        r#"
              apt: git
              volumes: /data
              ports: 8080/udp
              tools: uv
        "#,
    );
}

#[test]
fn numbers_and_switches_may_come_from_args() {
    check_diagnostics(
        r#"
              args: { N: "3", UID: "2000", O: "true" }
              healthcheck: { url: "tcp:80", retries: "${N}" }
              user: { name: app, uid: "${UID}" }
              secrets: { k: { optional: "${O}" } }
              run: { command: x, secrets: k }
        "#,
    );
}
