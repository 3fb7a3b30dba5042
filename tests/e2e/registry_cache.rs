//! `--cache-to` and `--cache-from` with a registry: an empty engine does only what is new.

use modelcrate_tests::{Build, Engine, Image, Project, Run, unique};

/// A file of the heavy package.
const HEAVY: &str = "libnvToolsExt.so.1";

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_empty_engine_takes_steps_from_the_registry_and_moves_no_heavy_layer() {
    let project = Project::fixture("heavy");
    // Layers that did not change are not weighed again, for which they would have to be there.
    project.edit(
        "modelcrate.yaml",
        "user: app\n",
        "user: app\nhealthcheck: tcp:80\nbudget: 1GB\n",
    );
    let engine = Engine::main();
    let cache = format!("{}/{}", engine.registry(), unique("cache"));
    let to = format!("type=registry,ref={cache},mode=max");
    let exporting = Build {
        options: &["--cache-to", &to],
        ..Build::of(&project)
    };
    let (layout, _) = exporting.layout(&engine, &[]);
    let heavy = layout.layer_with(HEAVY);

    let from = format!("type=registry,ref={cache}");
    let build = Build {
        options: &["--cache-from", &from],
        ..Build::of(&project)
    };
    let empty = Engine::fresh();
    let name = format!("{}/{}", empty.registry(), unique("image"));
    // An image that is to be kept in the engine's store needs all its blobs there (buildkit `exporter/containerimage`).
    let push = format!("type=image,name={name},push=true,store=false");
    let built = build.with(&empty, &["--output", &push]);
    assert_eq!(built.ran(), [] as [&str; 0]);
    assert!(!empty.has_blob(&heavy.digest), "the heavy layer was downloaded");

    project.edit("src/heavy/__init__.py", "heavy runs", &unique("edited"));
    let built = build.with(&empty, &["--output", &push]);
    let ran = built.ran();
    let work: Vec<&str> = ran
        .iter()
        .copied()
        .filter(|step| !step.contains("weigh"))
        .collect();
    assert_eq!(work, ["install heavy"]);
    let weighed = ran.iter().filter(|step| step.contains(" weigh: ")).count();
    assert_eq!(weighed, 1, "{ran:?}");
    assert!(built.vertex("] install nvidia").cached);
    assert!(!unpacked(&empty, HEAVY), "the heavy layer was unpacked");

    // What was pushed is whole all the same.
    let image = Image::named(&engine, &name);
    engine.ask(&["pull", "--quiet", &name]);
    assert!(image.layers().contains(&heavy.diff_id));
    assert!(image.run(&Run::default()).ok().stdout.starts_with("edited-"));
}

/// Whether a file of this name lies in any snapshot of the engine.
pub fn unpacked(engine: &Engine, name: &str) -> bool {
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
