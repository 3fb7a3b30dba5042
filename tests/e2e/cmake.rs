//! Projects that are compiled with CMake.

use crate::python_support::{has, prints};
use modelcrate_tests::git::GitRepository;
use modelcrate_tests::website::Website;
use modelcrate_tests::{Build, Engine, Layout, Project, Tree, unique};

const FILES: [&str; 6] = [
    "CMakeLists.txt",
    "src/broken.cpp",
    "src/greeting.cpp",
    "src/greeting.h",
    "src/main.cpp",
    "tools/words.cpp",
];

const GREETER: &str = "/usr/local/bin/greeter";
const LIBRARY: &str = "/usr/local/lib/libgreeting.so.1.2.3";

/// The fixture as `native/` of the context, with this under `cmake:`.
fn project(entry: &str) -> Project {
    let project = Project::with(&[("modelcrate.yaml", &spec(entry))]);
    let native = Project::fixture("native");
    for path in FILES {
        project.write(&format!("native/{path}"), &native.read(path));
    }
    project
}

fn spec(entry: &str) -> String {
    format!(
        "# syntax=modelcrate/frontend:1\nname: native\nbase: debian:bookworm-slim\nentrypoint: [greeter]\ncmake:\n{entry}\n"
    )
}

/// The files of the one layer that the project's step made, without folders.
fn installed(layout: &Layout, file: &str) -> (Tree, Vec<String>) {
    let tree = layout.tree(&layout.layer_with(file));
    let files = tree.0.iter().filter(|(_, entry)| !entry.kind.is_dir());
    let files = files.map(|(path, _)| path.clone()).collect();
    (tree, files)
}

#[track_caller]
fn fails(project: &Project, engine: &Engine) -> String {
    let built = Build::of(project).try_with(engine, &[]);
    assert!(!built.output.status.success(), "the build is refused");
    built.log + &built.output.stderr
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_program_comes_with_its_libraries_and_nothing_else() {
    let engine = Engine::main();
    let entry =
        "  source: native\n  targets: [greeter]\n  options: { LOUD: on }\n  secrets: [{ id: key, env: KEY }]";
    let project = project(entry);
    let secret = unique("a-value-that-nobody-guesses");
    let build = Build {
        options: &["--secret", "id=key,env=KEY"],
        env: &[("KEY", &secret)],
        ..Build::of(&project)
    };
    let (image, _) = build.load(&engine);
    let said = prints(&image, &[], &["greeter"]);
    assert_eq!(
        said, "HELLO world of 11 letters, compiled from ./src/main.cpp",
        "options are set, and no folder of the build is in the program"
    );

    let with_names = format!("grep -lF .symtab {GREETER} {LIBRARY} || echo none");
    let with_names = ["sh", "-c", &with_names];
    assert_eq!(
        prints(&image, &[], &with_names),
        "none",
        "names for debuggers stay behind"
    );
    let debugged = self::project(&format!("{entry}\n  build_type: RelWithDebInfo"));
    let debugged = Build {
        project: &debugged,
        ..build
    };
    let said = prints(&debugged.load(&engine).0, &[], &with_names);
    assert_eq!(said, format!("{GREETER}\n{LIBRARY}"));

    let (before, _) = build.layout(&engine, &[]);
    let (tree, files) = installed(&before, GREETER);
    let links = ["/usr/local/lib/libgreeting.so.1"];
    assert_eq!(files, [GREETER, links[0], LIBRARY]);
    assert!(
        tree.0
            .values()
            .all(|entry| entry.mtime == 315_532_800 && entry.uid == 0)
    );
    for (path, bytes) in before.everything() {
        let found = bytes
            .windows(secret.len())
            .any(|bytes| bytes == secret.as_bytes());
        assert!(!found, "the secret is in {}", path.display());
    }

    project.edit("native/src/main.cpp", "compiled", &unique("compiled"));
    project.write("elsewhere.txt", &unique("not seen"));
    let (after, built) = build.layout(&engine, &[]);
    assert_eq!(built.ran(), ["compile greeter", "lay out the sources"]);
    has(&built.log, &["ccache had 2 of 3 files"]);
    let layers = |layout: &Layout| layout.image_alone().layers;
    let new = layers(&after)
        .into_iter()
        .filter(|layer| !layers(&before).contains(layer));
    assert_eq!(new.count(), 1, "one layer is new");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_is_installed_can_be_chosen() {
    let engine = Engine::main();
    let project = project(
        "  - { source: native, targets: [greeter], install: { greeter: /opt/app/bin/greet, \"libgreeting.so*\": /opt/app/lib/ } }\n  \
           - { source: native, install: true, targets: [greeter, greeting], options: { CMAKE_INSTALL_PREFIX: /opt/all } }\n  \
           - { source: native, install: development, options: { CMAKE_INSTALL_PREFIX: /opt/dev } }",
    );
    let build = Build::of(&project);
    let (image, _) = build.load(&engine);
    for program in ["/opt/app/bin/greet", "/opt/all/bin/greeter"] {
        has(&prints(&image, &[], &[program]), &["hello world of 11 letters"]);
    }
    let (layout, _) = build.layout(&engine, &[]);
    let (_, development) = installed(&layout, "/opt/dev/include/greeting.h");
    assert_eq!(development, ["/opt/dev/include/greeting.h"]);
    let (_, all) = installed(&layout, "/opt/all/include/greeting.h");
    assert_eq!(all.len(), 5, "{all:?}");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_tag_of_a_private_repository_is_fetched_with_its_token() {
    let engine = Engine::main();
    let root = tempfile::tempdir().expect("a folder");
    let repository = GitRepository::new(&root.path().join("work"));
    let native = Project::fixture("native");
    let files: Vec<(String, String)> = FILES
        .iter()
        .map(|path| (format!("code/{path}"), native.read(path)))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    repository.commit(&files);
    repository.git(&["tag", "v1"]);
    repository.publish(root.path(), "native");
    // `x-access-token:of-the-test`, as BuildKit sends a token (buildkit `source/git/source.go`).
    let server = Website::locked(root.path(), "basic eC1hY2Nlc3MtdG9rZW46b2YtdGhlLXRlc3Q=");

    let source = format!("{}#v1:code", server.url("native.git"));
    let project = Project::with(&[(
        "modelcrate.yaml",
        &spec(&format!(
            "  source: {source}\n  targets: [greeter]\n  token: forge"
        )),
    )]);
    has(
        &fails(&project, &engine),
        &["modelcrate.yaml:6", ">>>   source: "],
    );
    let build = Build {
        options: &["--secret", "id=forge,env=TOKEN"],
        env: &[("TOKEN", "of-the-test")],
        ..Build::of(&project)
    };
    let (image, built) = build.load(&engine);
    has(&prints(&image, &[], &["greeter"]), &["hello world of 11 letters"]);
    built.vertex("fetch native v1");
    assert!(!(built.log + &built.output.stderr).contains("of-the-test"));

    // A tag that did not move fetches nothing; one that moved is another source.
    assert!(!build.load(&engine).1.ran().contains(&"compile greeter"));
    repository.commit(&[(
        "code/src/greeting.cpp",
        &native.read("src/greeting.cpp").replace("hello", "salve"),
    )]);
    repository.git(&["tag", "--force", "v1"]);
    let bare = root.path().join("native.git");
    repository.git(&["push", "--quiet", "--force", &bare.display().to_string(), "v1"]);
    has(
        &prints(&build.load(&engine).0, &[], &["greeter"]),
        &["salve world of 11 letters"],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_project_that_is_not_there_is_found_before_anything_is_pulled() {
    let engine = Engine::main();
    let project = Project::with(&[(
        "modelcrate.yaml",
        &spec("  source: nativ\n  targets: [greeter]").replace("debian:bookworm-slim", "no-such-image:1"),
    )]);
    has(
        &fails(&project, &engine),
        &[
            "there is no `nativ/CMakeLists.txt` in the build context",
            "modelcrate.yaml:6:11",
        ],
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_does_not_compile_is_shown_at_its_lines() {
    let engine = Engine::main();
    let wrong = |targets: &str| {
        let project = project(&format!("  source: native\n  targets: [{targets}]"));
        fails(&project, &engine)
    };
    let seen = wrong("broken");
    has(
        &seen,
        &[
            "'no_such_name' was not declared in this scope",
            ">>>   source: native",
            ">>>   targets: [broken]",
        ],
    );
    has(
        &wrong("greeting, greetar"),
        &["the project has no target `greetar`; its programs are: broken, greeter, words"],
    );
    has(
        &wrong("archive"),
        &["no target among these is a program or a shared library"],
    );
}
