//! Drawn specs: trees that are refused, and those that are not.

use crate::check::drawn::check_diagnostics;

#[test]
fn a_key_written_twice_is_an_error_beside_others() {
    check_diagnostics(
        r#"
              base: debian
            # ---- first written here
              user: app
            # ---- first written here
              base: ubuntu
            # ^^^^ error[duplicate-key]: `base` is written twice
            # = hint: keep one of them, or join what they say
              user: other
            # ^^^^ error[duplicate-key]: `user` is written twice
            # = hint: keep one of them, or join what they say
        "#,
    );
}

#[test]
fn a_second_document_is_refused() {
    check_diagnostics(
        r#"
              base: debian
              ---
            # ^^^ error[yaml-feature]: a spec is one YAML document
            # = label: a second document starts here
            # = hint: put each spec in a file of its own, or use `targets:` for variants
              base: ubuntu
        "#,
    );
}

#[test]
fn tags_are_refused() {
    check_diagnostics(
        r#"
              base: !image debian
            #       ^^^^^^^^^^^^^ error[yaml-feature]: YAML tags have no meaning in a spec
            # = hint: leave the `!tag` out; put text in quotes where it could be taken for something else
        "#,
    );
}

#[test]
fn keys_are_text() {
    check_diagnostics(
        r#"
              env:
                ? [a, b]
            #      ^ error[yaml-feature]: a key must be text
            # = label: this is a list
                : c
        "#,
    );
}

#[test]
fn a_merge_key_takes_what_the_mapping_does_not_have() {
    check_diagnostics(
        r#"
              x-common: &common { LANG: C.UTF-8, TZ: UTC }
              env:
                <<: *common
                TZ: Europe/Berlin
        "#,
    );
}

#[test]
fn a_merge_key_takes_mappings_alone() {
    check_diagnostics(
        r#"
              x-common: &common [a]
              env:
                <<: *common
            #   ^^ error[yaml-feature]: `<<` merges mappings
            # = label: this merges text
        "#,
    );
}

#[test]
fn an_alias_inside_its_own_value_is_refused() {
    check_diagnostics(
        r#"
              env: &all
                A: *all
            #      ^^^^ error[yaml-feature]: an alias cannot stand inside the value that it names
        "#,
    );
}

#[test]
fn aliases_cannot_grow_without_end() {
    check_diagnostics(
        r#"
              a: &a [x, x, x, x, x, x, x, x, x, x]
              b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
              c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
              d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
              e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
            #        ^^ error[too-large]: there are more than 20000 values once aliases are followed
        "#,
    );
}

#[test]
fn values_are_not_nested_without_end() {
    check_diagnostics(
        r#"
              env: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
            #                                                                      ^ error[too-large]: values are nested more than 64 levels deep
        "#,
    );
}
