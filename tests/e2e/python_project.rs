//! uv projects: extras, groups, workspaces, folders, and locks that are missing or old.

use crate::python_support::*;
use modelcrate_tests::{Engine, Project};

/// A workspace: the root `top` needs the member `lib`, a folder beside it and a wheel; the member `app` needs `lib`.
fn workspace(engine: &Engine, spec: &str) -> Project {
    let more = "[tool.uv.sources]\nlib = { workspace = true }\nbeside = { path = 'beside' }\nvendored = { path = 'vendor/vendored-0.1.0-py3-none-any.whl' }\n\
                [tool.uv.workspace]\nmembers = ['packages/*']\n";
    let member = "[tool.uv.sources]\nlib = { workspace = true }\n";
    let setuptools = manifest("beside", &[], "")
        .replace("requires = [\"hatchling\"]", "requires = [\"setuptools\"]")
        .replace("hatchling.build", "setuptools.build_meta");
    let project = package(
        "top",
        &["lib", "beside", "vendored"],
        "importlib.import_module('lib').X, importlib.import_module('beside').X, importlib.import_module('vendored').X",
        more,
    );
    for (path, text) in [
        ("packages/lib/pyproject.toml", manifest("lib", &[], "")),
        ("packages/lib/src/lib/__init__.py", "X = 'lib'\n".into()),
        ("packages/app/pyproject.toml", manifest("app", &["lib"], member)),
        (
            "packages/app/src/app/__init__.py",
            module("app", "importlib.import_module('lib').X"),
        ),
        ("beside/pyproject.toml", setuptools),
        ("beside/src/beside/__init__.py", "X = 'beside'\n".into()),
        ("make/pyproject.toml", manifest("vendored", &[], "")),
        ("make/src/vendored/__init__.py", "X = 'vendored'\n".into()),
        ("modelcrate.yaml", spec.into()),
    ] {
        project.write(path, &text);
    }
    uv(
        engine,
        &project,
        "make",
        &["build", "--wheel", "--out-dir", "../vendor"],
    );
    lock(engine, &project);
    project
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_workspace_gives_its_root_or_a_member() {
    let engine = Engine::main();
    let project = workspace(&engine, &spec("python: '3.11'\nentrypoint: [top]"));
    assert_eq!(
        prints(&load(&engine, &project), &[], &["top"]),
        "top: lib beside vendored"
    );
    project.write(
        "modelcrate.yaml",
        &spec("python: { version: '3.11', package: app }"),
    );
    let image = load(&engine, &project);
    assert_eq!(prints(&image, &[], &["app"]), "app: lib");
    assert_eq!(
        prints(&image, &[], &["sh", "-c", "ls /opt/venv/bin/top || echo none"]),
        "none"
    );
    project.write(
        "modelcrate.yaml",
        &spec("python: { version: '3.11', package: ap }"),
    );
    has(
        &failure(&engine, &project, &[]),
        &["the workspace has no package `ap`", "did you mean `app`?"],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_workspace_may_have_no_package_at_its_root() {
    let engine = Engine::main();
    let project = workspace(&engine, &spec("python: '3.11'"));
    project.write(
        "pyproject.toml",
        "[tool.uv.workspace]\nmembers = ['packages/*']\n",
    );
    lock(&engine, &project);
    assert_eq!(prints(&load(&engine, &project), &[], &["app"]), "app: lib");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_project_lies_in_a_folder_and_needs_another_one() {
    let engine = Engine::main();
    let project = Project::with(&[
        (
            "app/pyproject.toml",
            &manifest(
                "app",
                &["shared"],
                "[tool.uv.sources]\nshared = { path = '../shared' }",
            ),
        ),
        (
            "app/src/app/__init__.py",
            &module("app", "importlib.import_module('shared').X"),
        ),
        ("shared/pyproject.toml", &manifest("shared", &[], "")),
        ("shared/src/shared/__init__.py", "X = 'shared'\n"),
        (
            "modelcrate.yaml",
            &spec("python: { version: '3.11', project: app }"),
        ),
    ]);
    uv(&engine, &project, "app", &["lock"]);
    assert_eq!(prints(&load(&engine, &project), &[], &["app"]), "app: shared");
    project.edit("app/pyproject.toml", "../shared", "../../shared");
    project.edit(
        "app/uv.lock",
        "requires-dist = [{ name = \"shared\", directory = \"../shared\" }]",
        "requires-dist = [{ name = \"shared\", directory = \"../../shared\" }]",
    );
    let text = project
        .read("app/uv.lock")
        .replace("\"../shared\"", "\"../../shared\"");
    project.write("app/uv.lock", &text);
    has(
        &failure(&engine, &project, &[]),
        &["the package `shared` is at `../../shared`, outside of the build context"],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn extras_and_groups_are_chosen() {
    let engine = Engine::main();
    let more = "[project.optional-dependencies]\none = ['sniffio==1.3.0']\ntwo_x = ['sniffio==1.3.1']\n[dependency-groups]\ndev = ['iniconfig']\n\
                [tool.uv]\nconflicts = [[{ extra = 'one' }, { extra = 'two-x' }]]\n";
    let version = "importlib.metadata.version('sniffio'), importlib.util.find_spec('iniconfig') is not None";
    let project = package("app", &[], version, more);
    project.edit(
        "src/app/__init__.py",
        "import importlib, sys",
        "import importlib.metadata, importlib.util",
    );
    lock(&engine, &project);
    for (python, said) in [
        ("extras: [one]", "app: 1.3.0 False"),
        ("extras: [two_X], groups: [dev]", "app: 1.3.1 True"),
    ] {
        project.write(
            "modelcrate.yaml",
            &spec(&format!("python: {{ version: '3.11', {python} }}")),
        );
        assert_eq!(prints(&load(&engine, &project), &[], &["app"]), said);
    }
    project.write(
        "modelcrate.yaml",
        &spec("python: { version: '3.11', extras: [one, two-x] }"),
    );
    has(
        &failure(&engine, &project, &[]),
        &[
            "Extras `one` and `two-x` are incompatible with the declared conflicts",
            ">>> python: {",
        ],
    );
    project.write(
        "modelcrate.yaml",
        &spec("python: { version: '3.11', extras: [two], groups: [test, de] }"),
    );
    let said = failure(&engine, &project, &[]);
    has(
        &said,
        &[
            "no extra `two`",
            "no group `test`",
            "has: `dev`",
            "no group `de`",
            "did you mean `dev`?",
        ],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_lock_that_is_missing_or_old_is_said() {
    let engine = Engine::main();
    let project = package("app", &["idna"], "sys.prefix", "");
    project.write("modelcrate.yaml", &spec("python: '3.11'"));
    has(
        &failure(&engine, &project, &[]),
        &["there is no `uv.lock` in the context", "run `uv lock`"],
    );
    lock(&engine, &project);
    project.edit("pyproject.toml", "\"idna\"", "\"idna>=3\", \"sniffio\"");
    has(
        &failure(&engine, &project, &[]),
        &[
            "`uv.lock` is older than `pyproject.toml`, which now asks otherwise for `idna`, `sniffio`",
            "run `uv lock`",
        ],
    );
    std::fs::remove_file(project.file("pyproject.toml")).unwrap();
    has(
        &failure(&engine, &project, &[]),
        &["there is no `pyproject.toml` in the context", "requirements:"],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_project_may_need_nothing_and_be_no_package() {
    let engine = Engine::main();
    let project = Project::with(&[
        (
            "pyproject.toml",
            "[project]\nname = 'script'\nversion = '1'\nrequires-python = '>=3.11'\n",
        ),
        ("main.py", "print('plain')\n"),
        (
            "modelcrate.yaml",
            &spec("python: '3.11'\ncopy:\n  - main.py: /app/main.py\nentrypoint: [python, /app/main.py]"),
        ),
    ]);
    lock(&engine, &project);
    let image = load(&engine, &project);
    assert_eq!(prints(&image, &[], &["python", "/app/main.py"]), "plain");
    assert_eq!(
        prints(&image, &[], &["ls", "/opt/venv/lib/python3.11/site-packages"]),
        ""
    );
}
