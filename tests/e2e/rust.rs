//! `rust:`: programs of a cargo workspace, compiled on dependencies that are a layer of the build cache.

use crate::python_support::{GitServer, contains, has, prints};
use crate::registry_cache::unpacked;
use modelcrate_tests::{Build, Built, Engine, Output, Project, unique};

/// What an edit of the sources makes again.
const EDITED: [&str; 2] = ["compile hello", "take sources of the programs"];

/// Builds and loads; what the program prints.
#[track_caller]
fn built(engine: &Engine, project: &Project) -> (String, Built) {
    let (image, built) = Build::of(project).load(engine);
    (prints(&image, &[], &["hello"]), built)
}

/// Which of these crates a build compiled.
fn compiled<'a>(built: &Built, crates: &[&'a str]) -> Vec<&'a str> {
    let line = |name: &&&str| built.log.contains(&format!("Compiling {name} v"));
    crates.iter().filter(line).copied().collect()
}

/// The toolchain lies beside this system.
const BESIDE: &str =
    "# syntax=modelcrate/frontend:1\nbase: ubuntu:22.04\nrust: { package: hello, toolchain: \"1.75\" }\n";

const CRATES: [&str; 5] = ["anyhow", "itoa", "cfg-if", "greeter", "hello"];

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_edit_compiles_the_workspaces_own_packages_alone() {
    let engine = Engine::main();
    let project = Project::fixture("rust");
    let (printed, _) = built(&engine, &project);
    assert_eq!(printed, "hello 1 on unix v0.3.1");

    let word = unique("edited");
    project.edit(
        "crates/hello/src/main.rs",
        "{} v{}",
        &format!("{{}} {word} v{{}}"),
    );
    let (printed, edited) = built(&engine, &project);
    assert_eq!(printed, format!("hello 1 on unix {word} v0.3.1"));
    assert_eq!(edited.ran(), EDITED);
    assert_eq!(compiled(&edited, &CRATES), ["greeter", "hello"]);

    // A library, and a release of the whole workspace.
    project.edit("crates/greeter/src/lib.rs", "hello {}", "good day {}");
    for file in ["Cargo.toml", "Cargo.lock"] {
        project.write(file, &project.read(file).replace("0.3.1", "0.4.0"));
    }
    let (printed, edited) = built(&engine, &project);
    assert_eq!(printed, format!("good day 1 on unix {word} v0.4.0"));
    assert_eq!(edited.ran(), EDITED);

    // What the program does not need is not even looked at.
    project.edit("crates/unused/src/lib.rs", "Nothing", "Something");
    let (_, same) = built(&engine, &project);
    assert_eq!(same.ran(), [""; 0]);

    // A manifest says something else about what is compiled of others.
    project.edit(
        "crates/hello/Cargo.toml",
        "loud = []",
        &format!("loud = []\n{word} = []"),
    );
    let (_, bumped) = built(&engine, &project);
    assert_eq!(
        bumped.ran(),
        [
            "compile dependencies of hello",
            "compile hello",
            "download crates",
            "take sources of the programs",
            "write manifests of the workspace"
        ]
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_empty_engine_compiles_no_dependency_again() {
    let engine = Engine::main();
    // The engine's cache of cargo has all crates of the workspace.
    let whole = Project::fixture("rust");
    let unused = "greeter.workspace = true\nunused = { path = \"../unused\" }";
    whole.edit("crates/hello/Cargo.toml", "greeter.workspace = true", unused);
    whole.edit("Cargo.lock", " \"greeter\",\n]", " \"greeter\",\n \"unused\",\n]");
    let built = Build::of(&whole).with(&engine, &["--output", "type=cacheonly"]);
    assert_eq!(compiled(&built, &["fnv"]), ["fnv"]);

    let project = Project::fixture("rust");
    let cache = format!("{}/{}", engine.registry(), unique("cache"));
    let to = format!("type=registry,ref={cache},mode=max");
    let exporting = Build {
        options: &["--cache-to", &to],
        ..Build::of(&project)
    };
    exporting.layout(&engine, &[]);

    project.edit("crates/hello/src/main.rs", "{} v{}", "{} again v{}");
    let from = format!("type=registry,ref={cache}");
    let importing = Build {
        options: &["--cache-from", &from],
        ..Build::of(&project)
    };
    let empty = Engine::fresh();
    let (there, built) = importing.layout(&empty, &[]);
    assert_eq!(built.ran(), EDITED);
    assert_eq!(compiled(&built, &CRATES), ["greeter", "hello"]);
    assert!(unpacked(&empty, "anyhow-1.0.86.crate"), "crates are taken");
    assert!(
        !unpacked(&empty, "fnv-1.0.7.crate"),
        "another package's crate is taken"
    );

    // Another engine makes the same bytes of the same sources.
    let (here, _) = Build::of(&project).layout(&engine, &[]);
    let program = "usr/local/bin/hello";
    assert_eq!(
        there.layer_with(program).diff_id,
        here.layer_with(program).diff_id
    );
    let layer = here.layer_with(program);
    let paths: Vec<String> = here.tree(&layer).paths().map(str::to_owned).collect();
    assert!(
        paths
            .iter()
            .all(|path| program.starts_with(path.trim_matches('/'))),
        "{paths:?}"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_empty_engine_takes_the_toolchain_alone() {
    let engine = Engine::main();
    let project = Project::fixture("rust");
    project.write("modelcrate.yaml", BESIDE);
    let cache = format!("{}/{}", engine.registry(), unique("cache"));
    let to = format!("type=registry,ref={cache},mode=max");
    let exporting = Build {
        options: &["--cache-to", &to],
        ..Build::of(&project)
    };
    exporting.layout(&engine, &[]);

    // What is downloaded and compiled stands on no other image: not an edit, nor other dependencies.
    let from = format!("type=registry,ref={cache}");
    let importing = Build {
        options: &["--cache-from", &from],
        ..Build::of(&project)
    };
    let empty = Engine::fresh();
    project.edit("crates/hello/src/main.rs", "{} v{}", "{} again v{}");
    let word = unique("feature");
    project.edit(
        "crates/hello/Cargo.toml",
        "loud = []",
        &format!("loud = []\n{word} = []"),
    );
    let built = importing.with(&empty, &["--output", "type=cacheonly"]);
    assert!(built.ran().contains(&"download crates"), "{:?}", built.ran());
    assert_eq!(compiled(&built, &["anyhow", "hello"]), ["anyhow", "hello"]);
    assert!(unpacked(&empty, "rustc"), "the toolchain is there");
    // It is in the image, and compiles nothing.
    assert!(!unpacked(&empty, "rustdoc"), "the image was pulled");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_system_that_is_made_anew_and_is_the_same_compiles_no_dependency_again() {
    let engine = Engine::main();
    let project = Project::fixture("rust");
    project.write("modelcrate.yaml", BESIDE);
    let build = Build::of(&project);
    build.with(&engine, &["--output", "type=cacheonly"]);

    // Another release of cargo has the same crates in folders of its own.
    let other = Project::fixture("rust");
    Build::of(&other).with(&engine, &["--output", "type=cacheonly"]);

    let name = format!("{}/modelcrate-test/{}", engine.registry(), unique("ubuntu"));
    let recipe = format!("FROM ubuntu:22.04\nRUN touch /etc/issue && : {name}\n");
    let recipe = Project::with(&[("Dockerfile", &recipe)]);
    let mut renew = engine.docker(&["buildx", "build", "--quiet", "--push", "--tag", &name]);
    Output::of(renew.arg(recipe.path())).ok();
    let renewed = format!("ubuntu:22.04=docker-image://{name}");
    let options = ["--build-context", &renewed, "--output", "type=cacheonly"];
    let built = build.with(&engine, &options);
    assert!(
        built.ran().contains(&"install gcc libc6-dev"),
        "{:?}",
        built.ran()
    );
    assert_eq!(compiled(&built, &CRATES), ["greeter", "hello"]);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn programs_features_and_profiles_are_the_specs() {
    let engine = Engine::main();
    let project = Project::fixture("rust");
    project.write(
        "modelcrate.yaml",
        "# syntax=modelcrate/frontend:1\nbase: ubuntu:22.04\nrust:\n  - package: hello\n    toolchain: \"1.75\"\n    \
         features: [loud]\n    codegen_units: 1\n    apt: [make]\n    bins: [hello]\n    \
         install: { hello-loud: /opt/loud }\n",
    );
    let (image, built) = Build::of(&project).load(&engine);
    assert_eq!(prints(&image, &[], &["hello", "7"]), "hello 7 on unix v0.3.1");
    assert_eq!(prints(&image, &[], &["/opt/loud"]), "HELLO 9 ON UNIX");
    // The toolchain lies beside the base's own system, which has the linker and the user's packages.
    assert!(
        built
            .vertices
            .iter()
            .any(|vertex| vertex.name.contains("install gcc libc6-dev make"))
    );
    let without = prints(
        &image,
        &[],
        &["sh", "-c", "command -v gcc make cargo || echo none"],
    );
    assert_eq!(without, "none");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_private_repository_needs_a_token() {
    const TOKEN: &str = "t0ken-of-the-rust-test";
    let engine = Engine::main();
    let library = Project::with(&[
        (
            "Cargo.toml",
            "[package]\nname = \"private\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
        ),
        (
            "src/lib.rs",
            "/// A word.\npub const WORD: &str = \"from git\";\n",
        ),
    ]);
    let server = GitServer::new(&engine, library, Some(TOKEN));
    let (url, commit) = (server.url(), server.commit());
    let project = Project::with(&[
        (
            "src/main.rs",
            "fn main() {\n    println!(\"{}\", private::WORD);\n}\n",
        ),
        (
            "Cargo.toml",
            &format!(
                "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nprivate = {{ git = \"{url}\" }}\n"
            ),
        ),
        (
            "Cargo.lock",
            &format!(
                "version = 3\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"private\",\n]\n\n\
                      [[package]]\nname = \"private\"\nversion = \"0.1.0\"\nsource = \"git+{url}#{commit}\"\n"
            ),
        ),
        (
            "modelcrate.yaml",
            "# syntax=modelcrate/frontend:1\nbase: debian:bookworm-slim\nrust: app\n",
        ),
    ]);
    let refused = Build::of(&project).try_with(&engine, &["--output", "type=cacheonly"]);
    assert!(!refused.output.status.success());
    has(
        &(refused.log + &refused.output.stderr),
        &["--secret id=GIT_AUTH_TOKEN"],
    );

    let build = Build {
        options: &["--secret", "id=GIT_AUTH_TOKEN,env=TOKEN"],
        env: &[("TOKEN", TOKEN)],
        ..Build::of(&project)
    };
    let (image, _) = build.load(&engine);
    assert_eq!(prints(&image, &[], &["app"]), "from git");
    let cache = tempfile::tempdir().expect("a folder");
    let to = format!(
        "type=local,mode=max,compression=uncompressed,force-compression=true,dest={}",
        cache.path().display()
    );
    let options = [build.options, &["--cache-to", &to]].concat();
    let exporting = Build {
        options: &options,
        ..build
    };
    let (layout, built) = exporting.layout(&engine, &[]);
    assert!(!(built.log + &built.output.stderr).contains(TOKEN));
    for (path, bytes) in layout.everything() {
        assert!(!contains(&bytes, TOKEN), "{}", path.display());
    }
    for path in files(cache.path()) {
        let bytes = std::fs::read(&path).expect("a file of the cache");
        assert!(!contains(&bytes, TOKEN), "{}", path.display());
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn another_platforms_program_is_compiled_without_emulation() {
    let engine = Engine::main();
    let project = Project::fixture("rust");
    project.write(
        "modelcrate.yaml",
        "# syntax=modelcrate/frontend:1\nbase: scratch\nrust: hello\nentrypoint: [/usr/local/bin/hello]\n",
    );
    let build = Build {
        options: &["--platform", "linux/arm64"],
        ..Build::of(&project)
    };
    let (layout, built) = build.layout(&engine, &[]);
    assert_eq!(built.warnings, []);
    let layer = layout.layer_with("usr/local/bin/hello");
    let tree = layout.tree(&layer);
    let head = &tree.at("/usr/local/bin/hello").head;
    // An ELF file of 64 bits for AArch64 (elf(5), `e_machine` 183).
    assert_eq!((&head[..5], head[18]), (&b"\x7fELF\x02"[..], 183));
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_the_workspace_lacks_is_found_before_anything_is_pulled() {
    let engine = Engine::main();
    let project = Project::fixture("rust");
    let fails = |project: &Project| {
        let built = Build::of(project).try_with(&engine, &["--output", "type=cacheonly"]);
        assert!(!built.output.status.success());
        assert!(
            built
                .vertices
                .iter()
                .all(|vertex| !vertex.name.contains("from rust:"))
        );
        built.output.stderr
    };
    project.edit("modelcrate.yaml", "rust: hello", "rust: helo");
    has(
        &fails(&project),
        &["the workspace has no package `helo`", "did you mean `hello`?"],
    );
    project.edit(
        "modelcrate.yaml",
        "rust: helo",
        "rust: { package: hello, path: crates/none }",
    );
    has(
        &fails(&project),
        &["there is no `Cargo.toml` in `crates/none` of the context"],
    );
    project.edit("modelcrate.yaml", "path: crates/none", "path: crates/hello");
    std::fs::remove_file(project.file("Cargo.lock")).expect("a lock");
    has(
        &fails(&project),
        &[
            "there is no `Cargo.lock` in the context",
            "run `cargo generate-lockfile`",
        ],
    );
}

/// All files below a folder.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry of a folder").path());
    paths
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}
