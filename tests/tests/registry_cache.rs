//! `--cache-to` and `--cache-from` with a registry: an empty engine does only what is new.

use modelcrate_tests::{Build, Engine, Project, unique};

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_empty_engine_takes_all_steps_from_the_registry() {
    let project = Project::fixture("heavy");
    let engine = Engine::main();
    let cache = format!("{}/{}", engine.registry(), unique("cache"));
    let to = format!("type=registry,ref={cache},mode=max");
    Build::of(&project).with(&engine, &["--cache-to", &to, "--output", "type=cacheonly"]);

    let from = format!("type=registry,ref={cache}");
    let options = ["--cache-from", from.as_str()];
    let build = Build {
        options: &options,
        ..Build::of(&project)
    };
    let empty = Engine::fresh();
    let name = format!("{}/{}", empty.registry(), unique("image"));
    let push = format!("type=image,name={name},push=true,unpack=false");
    let built = build.with(&empty, &["--output", &push]);
    assert_eq!(built.ran(), Vec::<&str>::new());
    let pulled = pulled_layers(&empty);
    assert_eq!(pulled, 0, "pushed without pulling a layer");

    project.edit("src/heavy/__init__.py", "heavy runs", &unique("edited"));
    let built = build.with(&empty, &["--output", &push]);
    assert_eq!(built.ran(), ["install heavy"]);
    let wheel = built.vertex("install nvidia");
    assert!(wheel.cached, "{wheel:?}");
    assert!(
        !unpacked(&empty, "libnvToolsExt.so.1"),
        "the heavy layer was unpacked"
    );
}

/// How many blobs of layers are in the engine's content store: gzip archives (RFC 1952).
fn pulled_layers(engine: &Engine) -> usize {
    let blobs = engine
        .folder()
        .join("containerd/root/io.containerd.content.v1.content/blobs/sha256");
    let Ok(entries) = std::fs::read_dir(blobs) else {
        return 0;
    };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    paths
        .filter(|path| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(&[0x1f, 0x8b])))
        .count()
}

/// Whether a file of this name lies in any snapshot of the engine.
fn unpacked(engine: &Engine, name: &str) -> bool {
    let mut folders = vec![engine.folder().join("containerd/root")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
        {
            if entry.file_name() == name {
                return true;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            }
        }
    }
    false
}
