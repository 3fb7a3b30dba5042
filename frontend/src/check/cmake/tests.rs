//! Wrong projects, drawn.

use crate::check::drawn::check_diagnostics;

#[test]
fn an_unknown_key_has_a_near_one() {
    check_diagnostics(
        r#"
              cmake: { targets: [app], option: { A: on } }
            #                          ^^^^^^ error[unknown-key]: unknown key `option`
            # = hint: did you mean `options`?
        "#,
    );
}

#[test]
fn an_option_has_no_dash() {
    check_diagnostics(
        r#"
              cmake: { targets: [app], options: { -DGGML_CUDA: on, "A:BOOL": on, "A B": 1, B: 2 } }
            #                                     ^^^^^^^^^^^ error[invalid-name]: `-DGGML_CUDA` has the `-D` of a command line
            # = hint: write `GGML_CUDA: …`
            #                                                      ^^^^^^^^ error[invalid-name]: `A:BOOL` is more than the name of an option
            # = hint: write `A: VALUE`; CMake knows the types of its options
            #                                                                    ^^^^^ error[invalid-name]: `A B` is not the name of an option
            # = hint: write names of cache variables, such as `BUILD_SHARED_LIBS: off`
        "#,
    );
}

#[test]
fn a_repository_is_read_over_https_or_ssh() {
    check_diagnostics(
        r#"
              cmake:
                - { source: "ftp://example.com/a.git", targets: [a] }
            #               ^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `ftp://example.com/a.git` is not a git repository: git is read over `https://` or `ssh://`
            # = hint: write `https://HOST/PATH.git#REF`, or `…#REF:FOLDER` for a folder of the repository
                - { source: "https://example.com/", targets: [a] }
            #               ^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://example.com/` is not a git repository: it has no host or no path
            # = hint: write `https://HOST/PATH.git#REF`, or `…#REF:FOLDER` for a folder of the repository
                - { source: "https://example.com/a-1.0.tar.gz", targets: [a] }
            #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://example.com/a-1.0.tar.gz` is not a git repository: it is an archive
            # = hint: write `https://HOST/PATH.git#REF`, or `…#REF:FOLDER` for a folder of the repository; an archive can be unpacked in the context
                - { source: "https://example.com/me/a/tree/main", targets: [a] }
            #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://example.com/me/a/tree/main` is not a git repository: it is a page about a repository
            # = hint: write `https://example.com/me/a.git#main`
                - { source: "https://example.com/a.git?ref=main", targets: [a] }
            #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://example.com/a.git?ref=main` is not a git repository: it has a query
            # = hint: write `https://HOST/PATH.git#REF`, or `…#REF:FOLDER` for a folder of the repository
                - { source: "https://example.com/a .git", targets: [a] }
            #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://example.com/a .git` is not a git repository: there is a space in it
            # = hint: write `https://HOST/PATH.git#REF`, or `…#REF:FOLDER` for a folder of the repository
        "#,
    );
}

#[test]
fn what_to_check_out_comes_after_the_hash() {
    check_diagnostics(
        r#"
              cmake:
                - { source: "https://example.com/a.git#", targets: [a] }
            #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://example.com/a.git#` is not a git repository: there is no branch, tag or commit after `#`
            # = hint: write `https://HOST/PATH.git#REF`, or `…#REF:FOLDER` for a folder of the repository
                - { source: "https://example.com/a.git#main:../b", targets: [a] }
            #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-url]: `https://example.com/a.git#main:../b` is not a git repository: its folder leads out of it
            # = hint: write `https://HOST/PATH.git#REF`, or `…#REF:FOLDER` for a folder of the repository
        "#,
    );
}

#[test]
fn a_folder_is_in_the_context() {
    check_diagnostics(
        r#"
              cmake: { source: ../app, targets: [app] }
            #                  ^^^^^^ error[invalid-path]: `../app` is outside the build context
            # = hint: build with a context that holds it: a folder further up, or `--build-context NAME=PATH` and `from: NAME`
        "#,
    );
}

#[test]
fn it_is_said_what_the_image_gets() {
    check_diagnostics(
        r#"
              cmake: { source: app }
            #          ^^^^^^ error[missing-key]: it is not said what the image gets of this project
            # = hint: name its programs with `targets: [NAME]`, or write `install: true` for all that it installs
        "#,
    );
}

#[test]
fn targets_are_names() {
    check_diagnostics(
        r#"
              cmake: { targets: [a b, install, -j4, "ns::a"] }
            #                    ^^^ error[invalid-name]: `a b` is not the name of a target
            # = hint: each target is an item of its own: `[a, b]`
            #                         ^^^^^^^ error[invalid-name]: `install` is not a target with a program
            # = hint: write `install: true`, and leave `targets` out to build everything
            #                                  ^^^ error[invalid-name]: `-j4` is not the name of a target
            # = hint: write the name that `add_executable` gives it
            #                                       ^^^^^^^ error[invalid-name]: `ns::a` is not the name of a target
            # = hint: write the name that `add_executable` gives it
        "#,
    );
}

#[test]
fn installed_files_are_built_and_have_a_place() {
    check_diagnostics(
        r#"
              cmake:
                - { install: { /build/app: /usr/local/bin/app, ../x: /x, bin/app: bin/app, .: /y } }
            #                  ^^^^^^^^^^ error[invalid-path]: `/build/app` is not a path in the build folder
            # = hint: write it as CMake builds it, such as `bin/server`; the path in the image comes after the colon
            #                                                  ^^^^ error[invalid-path]: `../x` is outside the build folder
            # = hint: files of the context are copied with `copy`
            #                                                                     ^^^^^^^ error[invalid-path]: a place in the image must be an absolute path, not `bin/app`
            # = hint: write `/bin/app`
            #                                                                              ^ error[invalid-path]: the build folder is not a thing to install
            # = hint: name files in it, such as `bin/server: /usr/local/bin/server`
                - { install: false }
            #                ^^^^^ error[unknown-choice]: this installs nothing
            # = hint: leave `install` out to get the programs among `targets`
                - { install: the runtime }
            #                ^^^^^^^^^^^ error[invalid-name]: `the runtime` is not the name of a component
            # = hint: write `install: true`, a component, or `install: { bin/server: /usr/local/bin/server }`
        "#,
    );
}

#[test]
fn a_build_type_is_one_of_cmakes_or_the_projects() {
    check_diagnostics(
        r#"
              cmake:
                - { targets: [a], build_type: release }
            #                                 ^^^^^^^ error[unknown-choice]: `release` is not a build type of CMake
            # = hint: did you mean `Release`?
                - { targets: [a], build_type: "-O3" }
            #                                 ^^^^^ error[unknown-choice]: `-O3` is not a build type of CMake
            # = hint: write `Release`, `RelWithDebInfo`, `MinSizeRel`, `Debug`, or one that the project has itself
                - { targets: [a], build_type: Release, options: { CMAKE_BUILD_TYPE: Debug } }
            #                                                     ^^^^^^^^^^^^^^^^ error[conflict]: the build type is given twice
            # = hint: write `build_type` alone
            #                     ---------- the other one
        "#,
    );
}

#[test]
fn code_for_the_builders_processor_is_pointed_out() {
    check_diagnostics(
        r#"
              cuda: "12.8.1"
              cmake:
                targets: [a]
                options: { CMAKE_CXX_FLAGS: -O3 -march=native, GGML_NATIVE: on, CMAKE_CUDA_ARCHITECTURES: native }
            #                               ^^^^^^^^^^^^^^^^^ warning[native-code]: this compiles for the processor of the machine that builds
            # = label: other machines may stop with `illegal instruction`
            # = hint: name what all of them have, such as `-march=x86-64-v3`, or leave it out
            #                                                               ^^ warning[native-code]: this compiles for the processor of the machine that builds
            # = label: other machines may stop with `illegal instruction`
            # = hint: name what all of them have, such as `-march=x86-64-v3`, or leave it out
            #                                                                                             ^^^^^^ error[invalid-arch]: `native` asks the builder's GPU, and a build has none
            # = hint: write `cuda: { archs: [80, 90] }` and leave this option out
        "#,
    );
}

#[test]
fn a_token_is_for_a_repository() {
    check_diagnostics(
        r#"
              cmake: { targets: [a], token: git_token }
            #                        ^^^^^ warning[no-effect]: `token` opens a repository, and this source is in the context
            # = hint: a secret that the build needs goes into `secrets`
        "#,
    );
}

#[test]
fn compiling_needs_a_system() {
    check_diagnostics(
        r#"
              base: scratch
            #       ------- the base
              cmake: { targets: [a] }
            # ^^^^^ error[conflict]: `cmake` needs a base with a system on it, and `scratch` is empty
            # = hint: write `base: debian:bookworm-slim`
        "#,
    );
}

#[test]
fn a_secret_is_no_option() {
    check_diagnostics(
        r#"
              cmake: { targets: [a], options: { API_TOKEN: abc }, env: { HF_TOKEN: abc } }
            #                                   ^^^^^^^^^ error[secret-name]: `API_TOKEN` has the name of a secret, and the environment of a step is kept in the history of the image
            # = hint: give it as a build secret: `run: [{ command: …, secrets: [{ id: api_token, env: API_TOKEN }] }]`
            # = hint: where it is no secret: `check: { skip: [secret-name] }`
            #                                                            ^^^^^^^^ error[secret-name]: `HF_TOKEN` has the name of a secret, and the environment of a step is kept in the history of the image
            # = hint: give it as a build secret: `run: [{ command: …, secrets: [{ id: hf_token, env: HF_TOKEN }] }]`
            # = hint: where it is no secret: `check: { skip: [secret-name] }`
        "#,
    );
}
