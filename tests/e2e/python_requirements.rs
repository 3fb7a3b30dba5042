//! Lists of packages in `requirements.txt`.

use crate::python_support::*;
use modelcrate_tests::{Build, Engine, Project};

const LOOK: [&str; 3] = [
    "python",
    "-c",
    "import importlib.metadata as m; print(m.version('idna'), m.version('sniffio'))",
];

/// Both files of idna 3.10, as the index has them.
const IDNA: &str =
    "idna==3.10 --hash=sha256:946d195a0d259cbba61165e88e65941f16e9b36ea6ddb97f00452bae8b1287d3";

fn project(files: &[(&str, &str)]) -> Project {
    let project = Project::with(files);
    project.write(
        "modelcrate.yaml",
        &spec("python: { version: '3.11', requirements: deps/requirements.txt }"),
    );
    project
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn pinned_lists_include_and_constrain_each_other() {
    let engine = Engine::main();
    let project = project(&[
        (
            "deps/requirements.txt",
            "-r base.txt\n-c ../constraints.txt\nsniffio  # pinned below\n",
        ),
        ("deps/base.txt", "idna == 3.10\n"),
        ("constraints.txt", "sniffio==1.3.0\n"),
    ]);
    let (image, built) = Build::of(&project).load(&engine);
    assert_eq!(prints(&image, &[], &LOOK), "3.10 1.3.0");
    assert!(built.warnings.is_empty(), "{:?}", built.warnings);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn packages_that_nothing_pins_are_warned_of() {
    let engine = Engine::main();
    let project = project(&[("deps/requirements.txt", "idna==3.10\nsniffio>=1\n")]);
    let (_, built) = Build::of(&project).load(&engine);
    let said = format!("{:?}", built.warnings);
    has(
        &said,
        &["1 of 2 packages are not pinned", "the first is `sniffio`"],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn hashes_are_held() {
    let engine = Engine::main();
    let sniffio =
        "sniffio==1.3.1 --hash=sha256:2f6da418d1f1e0fddd844478f41680e794e6051915791a034ff65e5f100525a2";
    let good = project(&[("deps/requirements.txt", &format!("{IDNA}\n{sniffio}\n"))]);
    assert_eq!(prints(&load(&engine, &good), &[], &LOOK), "3.10 1.3.1");
    let wrong = project(&[(
        "deps/requirements.txt",
        &format!("{}\n{sniffio}\n", IDNA.replace("946d", "0000")),
    )]);
    has(
        &failure(&engine, &wrong, &[]),
        &[
            "no file of `idna` has a hash that `deps/requirements.txt` allows",
            "modelcrate.yaml:4",
        ],
    );
    let partial = project(&[("deps/requirements.txt", &format!("{IDNA}\nsniffio==1.3.1\n"))]);
    has(
        &failure(&engine, &partial, &[]),
        &["`sniffio` is installed and has no `--hash`"],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_an_image_cannot_be_built_from_is_refused() {
    let engine = Engine::main();
    let project = project(&[(
        "deps/requirements.txt",
        "-e .\n./lib\n-r ../../other.txt\n--extra-index-url https://me:s3cret-in-the-list@index.test/simple\n-r more.txt\n",
    )]);
    let said = failure(&engine, &project, &[]);
    has(
        &said,
        &[
            "line 1 names files of this machine: `-e .`",
            "line 2 names files of this machine: `./lib`",
            "line 3 includes a file outside of the build context",
            "line 4 has a user name or password in an address",
            "there is no `deps/more.txt` in the context, which `deps/requirements.txt` includes",
        ],
    );
    assert!(!said.contains("s3cret-in-the-list"));
    std::fs::remove_file(project.file("deps/requirements.txt")).unwrap();
    has(
        &failure(&engine, &project, &[]),
        &["there is no `deps/requirements.txt` in the context"],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_package_that_the_index_lacks_is_named_by_uv() {
    let engine = Engine::main();
    let project = project(&[("deps/requirements.txt", "modelcrate-no-such-package==1\n")]);
    has(
        &failure(&engine, &project, &[]),
        &["modelcrate-no-such-package was not found", ">>> python:"],
    );
}
