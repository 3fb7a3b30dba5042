//! Which Python an image gets, and what its environment is like.

use std::path::Path;
use std::process::Command;

use crate::python_support::*;
use modelcrate_tests::{Build, Engine, FileServer, Image, Output, Project, repository};

/// uv's build of Python, served as uv's own releases are.
fn standin(engine: &Engine, folder: &Path, architectures: &[&str]) -> FileServer {
    let mut command = Command::new(repository().join("tests/engine/python-standin"));
    Output::of(command.arg(folder).args(architectures)).ok();
    FileServer::new(engine, folder)
}

fn hello(engine: &Engine, spec: &str) -> Project {
    let project = package(
        "hello",
        &["idna", "colorama; sys_platform == 'win32'"],
        "sys.prefix",
        "",
    );
    project.write("modelcrate.yaml", spec);
    lock(engine, &project);
    project
}

/// What must hold whatever the interpreter is.
fn is_sealed(image: &Image) {
    let hostile = ["--user", "12345:0", "--read-only"];
    assert_eq!(
        prints(image, &hostile, &["/opt/venv/bin/hello"]),
        "hello: /opt/venv"
    );
    let look = "import idna.core, importlib.util, os\n\
        code = idna.core.encode.__code__.co_filename\n\
        print(code, os.path.exists(importlib.util.cache_from_source(code)))";
    let file = "/opt/venv/lib/python3.11/site-packages/idna/core.py";
    assert_eq!(
        prints(image, &hostile, &["/opt/venv/bin/python", "-c", look]),
        format!("{file} True")
    );
    // Python says of each module whether its byte code is taken; none is compiled again.
    let command =
        "/opt/venv/bin/python -v -c 'import idna' 2>&1 | grep -cE 'wrote|code object from /opt/venv' || true";
    assert_eq!(prints(image, &["--user", "0"], &["sh", "-c", command]), "0");
    let absent = prints(
        image,
        &[],
        &[
            "sh",
            "-c",
            "ls -d /opt/venv/bin/pip /opt/venv/lib/python3.11/site-packages/colorama* /layer /run/modelcrate /root/.cache /root/.local 2>/dev/null || true",
        ],
    );
    assert_eq!(absent, "");
    let tree = image.tree();
    assert!(
        tree.at("/opt/venv/bin/hello")
            .head
            .starts_with(b"#!/opt/venv/bin/python\n")
    );
    for (path, entry) in tree.0.iter().filter(|(path, _)| path.starts_with("/opt/")) {
        assert_eq!((entry.mtime, entry.uid), (315_532_800, 0), "{path}");
        assert_eq!(entry.mode & 0o444, 0o444, "{path}");
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_python_of_the_base_is_used() {
    let engine = Engine::main();
    for version in ["0.9.14", "0.13.8"] {
        let image = load(
            &engine,
            &hello(
                &engine,
                &spec(&format!("python: {{ version: '3.11', uv: {version} }}")),
            ),
        );
        is_sealed(&image);
        assert_eq!(
            prints(&image, &[], &["readlink", "/opt/venv/bin/python"]),
            "/usr/local/bin/python3.11"
        );
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn uv_brings_its_own_python_where_the_base_has_none() {
    let engine = Engine::main();
    let folder = tempfile::tempdir().unwrap();
    let server = standin(&engine, folder.path(), &[]);
    for version in ["0.9.14", "0.13.8"] {
        let spec = spec_on_debian(&format!(
            "python:\n  version: 3.11.2\n  uv: {version}\n  mirror: {url}\n  downloads: {url}/downloads.json\ntools: [uv]",
            url = server.url()
        ));
        let image = load(&engine, &hello(&engine, &spec));
        is_sealed(&image);
        assert_eq!(
            prints(&image, &[], &["readlink", "-f", "/opt/venv/bin/python"]),
            "/opt/python/cpython-3.11.2-linux-x86_64-gnu/bin/python3.11"
        );
        assert!(prints(&image, &[], &["uv", "--version"]).starts_with(&format!("uv {version}")));
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_builder_can_say_where_pythons_are() {
    let engine = Engine::main();
    let folder = tempfile::tempdir().unwrap();
    let server = standin(&engine, folder.path(), &[]);
    let project = hello(&engine, &spec_on_debian("python: '3.11'"));
    let args = [
        format!("UV_PYTHON_INSTALL_MIRROR={}", server.url()),
        format!("UV_PYTHON_DOWNLOADS_JSON_URL={}/downloads.json", server.url()),
    ];
    let (image, _) = Build {
        args: &args,
        ..Build::of(&project)
    }
    .load(&engine);
    is_sealed(&image);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn wheels_of_another_platform_are_installed_without_emulation() {
    let engine = Engine::main();
    let folder = tempfile::tempdir().unwrap();
    let server = standin(&engine, folder.path(), &["amd64", "arm64"]);
    let project = package("hello", &["markupsafe"], "sys.prefix", "");
    project.write("modelcrate.yaml", &spec_on_debian("python: '3.11'"));
    lock(&engine, &project);
    let args = [
        format!("UV_PYTHON_INSTALL_MIRROR={}", server.url()),
        format!("UV_PYTHON_DOWNLOADS_JSON_URL={}/downloads.json", server.url()),
    ];
    let build = Build {
        args: &args,
        options: &["--platform", "linux/arm64"],
        ..Build::of(&project)
    };
    let (layout, _) = build.layout(&engine, &[]);
    let image = layout.image_alone();
    assert_eq!(image.platform, "linux/arm64");
    let mut elfs = 0;
    for tree in image.layers.iter().skip(1).map(|layer| layout.tree(layer)) {
        for (path, entry) in tree
            .0
            .iter()
            .filter(|(_, entry)| entry.head.starts_with(b"\x7fELF"))
        {
            elfs += 1;
            // The machine in an ELF header (`e_machine`): 183 is AArch64.
            assert_eq!(entry.head[18], 183, "{path}");
        }
    }
    assert!(elfs > 1, "the interpreter and a wheel hold machine code");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_python_of_debian_can_be_named() {
    let engine = Engine::main();
    let spec = |version: &str| {
        spec_on_debian(&format!(
            "apt: [python3]\npython: {{ version: '{version}', interpreter: /usr/bin/python3 }}"
        ))
    };
    is_sealed(&load(&engine, &hello(&engine, &spec("3.11"))));
    let said = failure(&engine, &hello(&engine, &spec("3.12")), &[]);
    has(
        &said,
        &[
            "`/usr/bin/python3` of the base is Python 3.11.2, and Python 3.12 is asked for",
            "interpreter: uv",
        ],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_interpreter_that_is_not_there_is_named() {
    let engine = Engine::main();
    let spec = spec_on_debian("python: { version: '3.11', interpreter: /usr/bin/python3 }");
    let said = failure(&engine, &hello(&engine, &spec), &[]);
    has(
        &said,
        &[
            "there is no working Python at `/usr/bin/python3` in the base",
            ">>> python:",
        ],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_version_comes_from_the_spec_the_base_or_the_project() {
    let engine = Engine::main();
    let project = hello(&engine, &spec_on_debian("python: {}"));
    has(
        &failure(&engine, &project, &[]),
        &["it is not said which Python the image gets", "modelcrate.yaml:4"],
    );
    project.write(".python-version", "3.10\n");
    has(
        &failure(&engine, &project, &[]),
        &["the image gets Python 3.10, and the project requires `>=3.11`"],
    );
    project.write(".python-version", "pypy@3.11\n");
    has(
        &failure(&engine, &project, &[]),
        &["images cannot be built with the `pypy@3.11` of `.python-version`"],
    );
    project.write("modelcrate.yaml", &spec("python: {}"));
    is_sealed(&load(&engine, &project));
}
