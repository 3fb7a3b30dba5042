//! Files of models: their names, places and checksums.

use super::*;

#[test]
fn several_files_have_no_one_name() {
    check_diagnostics(
        r#"
          models:
            m:
              urls:
                - { url: https://x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
                - { url: https://x.test/b.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
          cmd: ["${models.m.file}"]
        #        ^^^^^^^^^^^^^^^^ error[undefined-name]: `${models.m.file}` is not known: the model may have several files
        # = hint: name the file: `${models.m.path}/FILE`
    "#,
    );
}

#[test]
fn a_file_is_pinned_by_its_checksum() {
    check_diagnostics(
        r#"
          models:
            a: { url: https://x.test/a.gguf }
        #        ^^^ error[missing-checksum]: this file of a model has no `sha256`
        # = hint: write the 64 digits that `sha256sum FILE` prints; hubs show them on the page of the file
            b: { urls: [{ url: https://x.test/b.gguf }] }
        #                 ^^^ error[missing-checksum]: this file of a model has no `sha256`
        # = hint: write the 64 digits that `sha256sum FILE` prints; hubs show them on the page of the file
    "#,
    );
}

#[test]
fn a_checksum_has_64_digits() {
    check_diagnostics(
        r#"
          models:
            a: { url: https://x.test/a, sha256: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" }
        #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-checksum]: this is a SHA-1, with 40 digits; `sha256` has 64
        # = hint: a git id names another thing than the file's bytes: take what `sha256sum FILE` prints
            b: { url: https://x.test/b, sha256: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" }
        #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-checksum]: a SHA-256 has 64 hexadecimal digits, this has 63
        # = hint: take what `sha256sum FILE` prints
            c: { url: https://x.test/c, sha256: latest }
        #                                       ^^^^^^ error[invalid-checksum]: `latest` is not a SHA-256
        # = hint: write the 64 hexadecimal digits that `sha256sum FILE` prints
            d: { url: https://x.test/d, sha256: "cccccccccccccccccccccccccccccccc" }
        #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-checksum]: this is an MD5, with 32 digits; `sha256` has 64
        # = hint: take what `sha256sum FILE` prints
    "#,
    );
}

#[test]
fn files_of_one_model_have_different_names() {
    check_diagnostics(
        r#"
          models:
            a:
              urls:
                - { url: https://x.test/1/model.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #                --------------------------- the other file
                - { url: https://x.test/2/model.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[duplicate-value]: two files of the model are called `model.gguf`
        # = hint: give one of them another name: `file: NAME`
    "#,
    );
}

#[test]
fn a_file_stays_in_the_folder_of_its_model() {
    check_diagnostics(
        r#"
          models:
            a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", file: ../a }
        #                                                                                                                 ^^^^ error[invalid-path]: `../a` is not the path of a file in the model's folder
        # = hint: write `file: model.safetensors`
            b: { url: https://x.test/, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #             ^^^^^^^^^^^^^^^ error[invalid-path]: the address does not end in the name of a file
        # = hint: write `file: model.safetensors`
            c: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", to: models/c }
        #                                                                                                               ^^^^^^^^ error[invalid-path]: `to` must be an absolute path, not `models/c`
        # = hint: write `/models/c`
    "#,
    );
}

#[test]
fn models_do_not_lie_over_each_other() {
    check_diagnostics(
        r#"
          models:
            a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #   - the other model
            b: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", to: /models/a }
        #   ^ error[conflict]: two models lie in `/models/a`
        # = hint: give one of them a folder of its own: `to: /models/NAME`
    "#,
    );
}

#[test]
fn an_address_is_one() {
    check_diagnostics(
        r#"
          models:
            a: { url: x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #             ^^^^^^^^^^^^^ error[invalid-url]: `x.test/a.gguf` is not a web address
        # = hint: write `https://x.test/a.gguf`
            "b c": { url: "s3://bucket/key", sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
        #   ^^^^^ error[invalid-name]: `b c` is not a name for a model
        # = hint: use letters, digits, `.`, `_` and `-`; it becomes the folder `/models/NAME`
        #                 ^^^^^^^^^^^^^^^^^ error[invalid-url]: `s3://bucket/key` is not a web address
        # = hint: write `https://HOST/PATH`
    "#,
    );
}
