//! Several platforms in one build.

use modelcrate_tests::{Build, Engine, Project};

#[test]
#[ignore = "needs an engine: ./dev test"]
fn two_platforms_give_an_index_with_both_configs_from_one_download() {
    let engine = Engine::main();
    let project = Project::fixture("heavy");
    let build = Build {
        options: &["--platform", "linux/amd64,linux/arm64"],
        ..Build::of(&project)
    };
    let (layout, built) = build.layout(&engine, &[]);
    let images = layout.images();
    let platforms: Vec<&str> = images.iter().map(|image| image.platform.as_str()).collect();
    assert_eq!(platforms, ["linux/amd64", "linux/arm64"]);
    for image in &images {
        assert_eq!(image.config["config"]["User"], "1000:1000");
        assert_eq!(image.config["config"]["Entrypoint"], serde_json::json!(["heavy"]));
    }
    let sources = built
        .vertices
        .iter()
        .filter(|vertex| vertex.name.contains("sources of the project"));
    assert_eq!(sources.count(), 1, "the context is read once for all platforms");
    let lock = built
        .vertices
        .iter()
        .filter(|vertex| vertex.name.contains("export uv.lock"));
    assert_eq!(lock.count(), 1, "the lock is exported once for all platforms");
}
